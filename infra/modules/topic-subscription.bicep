// Which events the app hears of: commits of PT1H.json in the containers of the flow logs.
param topicName string
param name string
param containers string[]
param accountId string
param queueName string
param deadLetterContainer string

@description('Event hub to deliver to; empty delivers to the queue.')
param hubId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

var queueDestination = {
  endpointType: 'StorageQueue'
  properties: {
    resourceId: accountId
    queueName: queueName
    // Older ones are found by the sweep.
    queueMessageTimeToLiveInSeconds: 86400
  }
}

var hubDestination = {
  endpointType: 'EventHub'
  properties: {
    resourceId: hubId
    // Events of one blob stay in one partition, in their order.
    deliveryAttributeMappings: [
      {
        name: 'PartitionKey'
        type: 'Dynamic'
        properties: { sourceField: 'subject' }
      }
    ]
  }
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: empty(hubId) ? queueDestination : hubDestination
    }
    deadLetterWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: accountId
          blobContainerName: deadLetterContainer
        }
      }
    }
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectEndsWith: 'PT1H.json'
      isSubjectCaseSensitive: true
      advancedFilters: [
        // Other resource logs are called PT1H.json too.
        {
          operatorType: 'StringBeginsWith'
          key: 'subject'
          values: map(containers, container => '/blobServices/default/containers/${container}/blobs/')
        }
        // The platform commits blocks. The others complete a blob that somebody copied or uploaded here; an upload's single
        // blocks raise no event.
        {
          operatorType: 'StringIn'
          key: 'data.api'
          values: ['PutBlockList', 'PutBlob', 'CopyBlob', 'FlushWithClose']
        }
      ]
    }
    retryPolicy: {
      eventTimeToLiveInMinutes: 1440
      maxDeliveryAttempts: 30
    }
  }
}

// What the topic's identity may do: send to the queue or the event hub, and put down what cannot be delivered.
import { roles } from 'roles.bicep'

param principalId string
param accountName string
param queueName string
param deadLetterContainer string

@description('Namespace and name of the event hub; null delivers to the queue.')
param hub { namespace: string, name: string }?

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource deadLetters 'containers' existing = {
      name: deadLetterContainer
    }
  }

  resource queueService 'queueServices' existing = {
    name: 'default'

    resource queue 'queues' existing = {
      name: queueName
    }
  }
}

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = if (hub != null) {
  name: hub.?namespace ?? 'evhns-none'

  resource eventHub 'eventhubs' existing = {
    name: hub.?name ?? 'none'
  }
}

resource deadLetterRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::blobs::deadLetters
  name: guid(account::blobs::deadLetters.id, principalId, roles.storageBlobDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}

resource queueSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hub == null) {
  scope: account::queueService::queue
  name: guid(account::queueService::queue.id, principalId, roles.storageQueueDataMessageSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageQueueDataMessageSender
    )
  }
}

resource hubSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hub != null) {
  scope: namespace::eventHub
  name: guid(namespace::eventHub.id, principalId, roles.eventHubsDataSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataSender)
  }
}

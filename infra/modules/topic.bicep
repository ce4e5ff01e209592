// The Event Grid system topic of the account that logs are written to. Its identity is the system's: a user-assigned one
// cannot deliver into a storage account with a firewall (Azure docs, event-grid/handler-storage-queues).
param location string
param tags object
param accountName string

@description('Name of the topic when there is one; empty makes it.')
param existingName string
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource existingTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = if (!empty(existingName)) {
  name: empty(existingName) ? 'none' : existingName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (empty(existingName)) {
  name: 'evgt-${accountName}'
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (empty(existingName)) {
  scope: topic
  name: 'flowlog'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'DeliveryFailures', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output name string = empty(existingName) ? topic.name : existingName
output principalId string = empty(existingName) ? topic!.identity.principalId : existingTopic!.identity.principalId

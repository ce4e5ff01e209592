// The account of the lake and of the queues. The app may write the lake's container, and use, but not make, the queues.
import { roles } from 'roles.bicep'

param location string
param tags object
param name string

@description('The app\'s identity.')
param principalId string

@description('Only private endpoints and Event Grid get in.')
param closed bool
param workspaceId string

var ingest = 'flowlog-ingest'
var findings = 'flowlog-findings'

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard_ZRS' }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // Event Grid delivers as a trusted service, which a closed account lets in (Azure docs, event-grid/handler-storage-queues).
    networkAcls: {
      defaultAction: closed ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 7 }
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource lake 'containers' = {
      name: 'flowlog'
    }

    resource deadLetters 'containers' = {
      name: 'eventgrid-deadletters'
    }
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [
      // The host makes a queue that is missing, which takes more rights than using one.
      for queue in [ingest, '${ingest}-poison', findings]: {
        name: queue
      }
    ]
  }
}

resource lakeContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::blobs::lake
  name: guid(account::blobs::lake.id, principalId, roles.storageBlobDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}

var queueRights = [
  { queue: 0, role: roles.storageQueueDataReader }
  { queue: 0, role: roles.storageQueueDataMessageProcessor }
  { queue: 0, role: roles.storageQueueDataMessageSender }
  { queue: 1, role: roles.storageQueueDataMessageSender }
  { queue: 2, role: roles.storageQueueDataMessageSender }
]

resource queueRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for right in queueRights: {
    scope: account::queueService::queue[right.queue]
    name: guid(account.id, string(right.queue), principalId, right.role)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', right.role)
    }
  }
]

// Who deleted what of the lake.
resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::blobs
  name: 'flowlog'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::queueService
  name: 'flowlog'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output lakeContainer string = account::blobs::lake.name
output deadLetterContainer string = account::blobs::deadLetters.name
output ingestQueue string = ingest
output findingsQueue string = findings

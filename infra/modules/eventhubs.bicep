// Event hubs: one between Event Grid and the app, for estates whose events other consumers read too, and one for findings.
import { roles } from 'roles.bicep'

param location string
param tags object
param name string
param principalId string
param closed bool
param workspaceId string

// Kafka clients, which is how the tool reads event hubs outside of Functions, need Standard.
resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: 1
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    isAutoInflateEnabled: true
    maximumThroughputUnits: 4
  }

  resource rules 'networkRuleSets' = {
    name: 'default'
    properties: {
      defaultAction: closed ? 'Deny' : 'Allow'
      publicNetworkAccess: 'Enabled'
      trustedServiceAccessEnabled: true
    }
  }

  resource findings 'eventhubs' = {
    name: 'flowlog-findings'
    properties: {
      partitionCount: 2
      retentionDescription: {
        cleanupPolicy: 'Delete'
        retentionTimeInHours: 72
      }
    }
  }

  resource hub 'eventhubs' = {
    name: 'flowlog'
    properties: {
      partitionCount: 4
      retentionDescription: {
        cleanupPolicy: 'Delete'
        retentionTimeInHours: 24
      }
    }

    // Apart from that of `flowlog ingest --from-eventhub`: a Kafka client and the host must not share one.
    resource group 'consumergroups' = {
      name: 'functions'
    }
  }
}

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: namespace::findings
  name: guid(namespace::findings.id, principalId, roles.eventHubsDataSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataSender)
  }
}

resource receiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: namespace::hub
  name: guid(namespace::hub.id, principalId, roles.eventHubsDataReceiver)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.eventHubsDataReceiver)
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'flowlog'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'OperationalLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output namespace string = namespace.name
output namespaceId string = namespace.id
output fullyQualifiedNamespace string = split(split(namespace.properties.serviceBusEndpoint, '//')[1], ':')[0]
output hubName string = namespace::hub.name
output findingsHubName string = namespace::findings.name
output hubId string = namespace::hub.id
output consumerGroup string = namespace::hub::group.name

// The Functions app with all it needs, beside a storage account that flow logs are already written to. That account is only
// read: what is added to it is a role assignment on the containers, and the Event Grid topic that tells about new blobs.
targetScope = 'subscription'

@description('Names every resource and tells environments of one subscription apart.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of everything but the Event Grid topic. Best that of the flow logs: reading across regions costs.')
param location string

@description('Resource id of the storage account that flow logs are written to.')
param logsAccountId string

@description('Region of that account, since its Event Grid topic has to be there too.')
param logsLocation string = location

@description('Containers of the flow logs: insights-logs-flowlogflowevent for VNet flow logs, insights-logs-networksecuritygroupflowevent for those of NSGs.')
@minLength(1)
param logContainers string[] = ['insights-logs-flowlogflowevent']

@description('How the app hears of new records: from Event Grid through a storage queue, or through an event hub; or not at all (sweep): then a timer looks.')
@allowed(['queue', 'eventhub', 'sweep'])
param trigger string = 'queue'

@description('An Event Grid system topic that the account of the logs has already, in its resource group and with a system-assigned identity. An account can have one only; empty creates it.')
param systemTopicName string = ''

@description('Puts the app into a VNet of its own and closes its storage accounts to the internet. The account of the logs gets a private endpoint as well.')
param privateNetwork bool = false

@description('Address space of that VNet, at least a /25.')
param addressPrefix string = '10.90.0.0/24'

@description('Who may call the app\'s HTTP functions, as CIDR ranges; empty is everybody who has a function key.')
param allowedRanges string[] = []

@description('Sends findings to an event hub too, as OCSF Detection Findings.')
param findingsToEventHub bool = false

@description('With the findings the refused flows behind them, as OCSF Network Activity.')
param deniedFlows bool = false

@description('Time zone of the weekly report\'s readers, such as Europe/Berlin.')
param timeZone string = 'UTC'

@description('Hour of their Monday at which it is written.')
@minValue(0)
@maxValue(23)
param reportHour int = 6

@description('When the app does what, in UTC: plan Flex Consumption knows no time zones. The report\'s only says how often it is looked whether one is due.')
param schedules object = {
  sweep: trigger == 'sweep' ? '0 */2 * * * *' : '0 */10 * * * *'
  check: '0 15 * * * *'
  compact: '0 30 2 * * *'
  report: '0 5 * * * *'
}

@description('Address of a secret in a key vault that holds a webhook of Slack or Teams, for the weekly report. The app\'s identity needs the role Key Vault Secrets User on it.')
param webhookSecretUri string = ''

@description('Where people read the weekly report, for the message in the chat; {week} in it stands for the week.')
param reportLink string = ''

@description('Most instances that the app may grow to.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

var tags = { 'azd-env-name': environmentName }
var withHub = trigger == 'eventhub' || findingsToEventHub
var token = toLower(uniqueString(subscription().id, environmentName, location))
var logs = {
  subscription: split(logsAccountId, '/')[2]
  resourceGroup: split(logsAccountId, '/')[4]
  account: last(split(logsAccountId, '/'))
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-flowlog-${environmentName}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
  }
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
  }
}

module data 'modules/data.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'stflow${token}'
    principalId: identity.outputs.principalId
    closed: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module hub 'modules/eventhubs.bicep' = if (withHub) {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'evhns-flowlog-${token}'
    principalId: identity.outputs.principalId
    closed: privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    identity: {
      id: identity.outputs.id
      clientId: identity.outputs.clientId
      principalId: identity.outputs.principalId
    }
    workspaceId: monitoring.outputs.workspaceId
    insightsName: monitoring.outputs.insightsName
    closed: privateNetwork
    subnetId: network.?outputs.appSubnetId ?? ''
    allowedRanges: allowedRanges
    maximumInstances: maximumInstances
    settings: union(
      {
        FLOWLOG_LAKE: '${data.outputs.blobEndpoint}${data.outputs.lakeContainer}/lake'
        FLOWLOG_SOURCES: join(
          map(logContainers, name => 'https://${logs.account}.blob.${environment().suffixes.storage}/${name}'),
          ','
        )
        // Copies of data files, on the instance's own disk.
        FLOWLOG_CACHE: '/tmp/flowlog'
        FLOWLOG_QUEUE: data.outputs.ingestQueue
        FLOWLOG_QUEUE_STORAGE__queueServiceUri: data.outputs.queueEndpoint
        FLOWLOG_QUEUE_STORAGE__credential: 'managedidentity'
        FLOWLOG_QUEUE_STORAGE__clientId: identity.outputs.clientId
        FLOWLOG_FINDINGS_QUEUE: data.outputs.findingsQueue
        // Bindings of a function that is switched off are still resolved.
        FLOWLOG_EVENTHUB: hub.?outputs.hubName ?? 'none'
        FLOWLOG_EVENTHUB_GROUP: hub.?outputs.consumerGroup ?? 'none'
        FLOWLOG_EVENTHUB_NAMESPACE__fullyQualifiedNamespace: hub.?outputs.fullyQualifiedNamespace ?? 'none.servicebus.windows.net'
        FLOWLOG_EVENTHUB_NAMESPACE__credential: 'managedidentity'
        FLOWLOG_EVENTHUB_NAMESPACE__clientId: identity.outputs.clientId
        FLOWLOG_FINDINGS_EVENTHUB: hub.?outputs.findingsHubName ?? 'none'
        FLOWLOG_FINDINGS_EVENTHUB_NAMESPACE__fullyQualifiedNamespace: hub.?outputs.fullyQualifiedNamespace ?? 'none.servicebus.windows.net'
        FLOWLOG_FINDINGS_EVENTHUB_NAMESPACE__credential: 'managedidentity'
        FLOWLOG_FINDINGS_EVENTHUB_NAMESPACE__clientId: identity.outputs.clientId
        FLOWLOG_DENIED_FLOWS: string(deniedFlows)
        'AzureWebJobs.IngestFromEventHub.Disabled': trigger == 'eventhub' ? 'false' : 'true'
        'AzureWebJobs.CheckToEventHub.Disabled': findingsToEventHub ? 'false' : 'true'
        FLOWLOG_SWEEP_SCHEDULE: schedules.sweep
        FLOWLOG_SWEEP_HOURS: '3'
        FLOWLOG_CHECK_SCHEDULE: schedules.check
        FLOWLOG_CHECK_HOURS: '24'
        FLOWLOG_COMPACT_SCHEDULE: schedules.compact
        FLOWLOG_REPORT_SCHEDULE: schedules.report
        FLOWLOG_REPORT_LINK: reportLink
        FLOWLOG_REPORT_HOUR: string(reportHour)
        FLOWLOG_TIME_ZONE: timeZone
        FLOWLOG_QUERY_SECONDS: '60'
      },
      empty(webhookSecretUri) ? {} : { FLOWLOG_WEBHOOK: '@Microsoft.KeyVault(SecretUri=${webhookSecretUri})' }
    )
  }
}

module reader 'modules/logs-reader.bicep' = {
  scope: resourceGroup(logs.subscription, logs.resourceGroup)
  params: {
    accountName: logs.account
    containers: logContainers
    principalId: identity.outputs.principalId
  }
}

module topic 'modules/topic.bicep' = if (trigger != 'sweep') {
  scope: resourceGroup(logs.subscription, logs.resourceGroup)
  params: {
    location: logsLocation
    tags: tags
    accountName: logs.account
    existingName: systemTopicName
    workspaceId: monitoring.outputs.workspaceId
  }
}

module delivery 'modules/topic-delivery.bicep' = if (trigger != 'sweep') {
  scope: group
  params: {
    principalId: topic!.outputs.principalId
    accountName: data.outputs.name
    queueName: data.outputs.ingestQueue
    deadLetterContainer: data.outputs.deadLetterContainer
    hub: trigger == 'eventhub' ? { namespace: hub!.outputs.namespace, name: hub!.outputs.hubName } : null
  }
}

module subscriptionOfApp 'modules/topic-subscription.bicep' = if (trigger != 'sweep') {
  scope: resourceGroup(logs.subscription, logs.resourceGroup)
  params: {
    topicName: topic!.outputs.name
    name: 'flowlog-${environmentName}'
    containers: logContainers
    accountId: data.outputs.id
    queueName: data.outputs.ingestQueue
    deadLetterContainer: data.outputs.deadLetterContainer
    hubId: trigger == 'eventhub' ? hub!.outputs.hubId : ''
  }
  // Event Grid tries the destination when the subscription is made.
  dependsOn: [delivery]
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: {
    location: location
    tags: tags
    addressPrefix: addressPrefix
    withHub: withHub
  }
}

module endpoints 'modules/endpoints.bicep' = if (privateNetwork) {
  scope: group
  params: {
    location: location
    tags: tags
    subnetId: network!.outputs.endpointSubnetId
    zones: network!.outputs.zones
    targets: concat(
      [
        { name: 'data-blob', id: data.outputs.id, group: 'blob' }
        { name: 'data-queue', id: data.outputs.id, group: 'queue' }
        { name: 'host-blob', id: app.outputs.hostAccountId, group: 'blob' }
        { name: 'logs-blob', id: logsAccountId, group: 'blob' }
      ],
      withHub ? [{ name: 'hub', id: hub!.outputs.namespaceId, group: 'namespace' }] : []
    )
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_FUNCTIONS_NAME string = app.outputs.name
output FLOWLOG_LAKE string = '${data.outputs.blobEndpoint}${data.outputs.lakeContainer}/lake'
output FLOWLOG_IDENTITY_CLIENT_ID string = identity.outputs.clientId

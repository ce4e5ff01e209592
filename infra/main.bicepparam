// Values come from `azd env set NAME VALUE`, or from the environment of `az deployment sub create`.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'flowlog')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param logsAccountId = readEnvironmentVariable(
  'FLOWLOG_LOGS_ACCOUNT_ID',
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/RESOURCE-GROUP/providers/Microsoft.Storage/storageAccounts/ACCOUNT'
)
param logContainers = split(readEnvironmentVariable('FLOWLOG_LOG_CONTAINERS', 'insights-logs-flowlogflowevent'), ',')
param trigger = readEnvironmentVariable('FLOWLOG_TRIGGER', 'queue')
param systemTopicName = readEnvironmentVariable('FLOWLOG_SYSTEM_TOPIC', '')
param findingsToEventHub = bool(readEnvironmentVariable('FLOWLOG_FINDINGS_TO_EVENTHUB', 'false'))
param deniedFlows = bool(readEnvironmentVariable('FLOWLOG_DENIED_FLOWS', 'false'))
param timeZone = readEnvironmentVariable('FLOWLOG_TIME_ZONE', 'UTC')
param privateNetwork = bool(readEnvironmentVariable('FLOWLOG_PRIVATE_NETWORK', 'false'))
param reportLink = readEnvironmentVariable('FLOWLOG_REPORT_LINK', '')
param webhookSecretUri = readEnvironmentVariable('FLOWLOG_WEBHOOK_SECRET_URI', '')

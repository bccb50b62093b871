/** Types of Terraform and CloudFormation that hold what is lost with them, or what others depend on by its identity. */
const stateful =
  /db_instance|dbinstance|rds_cluster|dbcluster|s3_bucket$|::s3::bucket$|dynamodb_(global_)?table$|dynamodb::(global)?table|ebs_volume|ec2::volume|efs_file_system|efs::filesystem|fsx_|elasticache|elasticsearch_domain|opensearch_?domain|opensearch(service|serverless)?|redshift|neptune|docdb|memorydb|timestream|keyspaces|kms_key$|kms::key|secretsmanager_secret$|secretsmanager::secret$|ecr_repository$|ecr::repository$|msk_cluster|msk::cluster|kinesis_stream|kinesis::stream|sqs_queue$|sqs::queue$|cognito_user_pool$|cognito::userpool$|route53_zone|route53::hostedzone|backup_vault$|backupvault|backup_plan|glacier_vault|glue_catalog_database|athena_database|mq_broker|codecommit_repository|transfer_server|lightsail_database|aws_instance$|ec2::instance$|aws_vpc$|ec2::vpc$|eks_cluster|eks::cluster|ecs_cluster$|emr_cluster|aws_eip$|qldb_ledger|google_sql_|google_storage_bucket$|google_bigquery_(dataset|table)|google_spanner_|google_bigtable_|google_compute_(disk|instance|network|persistent)$|google_compute_region_disk|google_container_cluster|google_kms_(key_ring|crypto_key)$|google_secret_manager_secret$|google_filestore|google_redis_instance|google_firestore|google_dns_managed_zone|google_pubsub_topic$|google_project$|google_artifact_registry_repository$|google_alloydb|azurerm_(mssql|mysql|postgresql|mariadb|sql|cosmosdb|redis|storage_account|storage_container|storage_share|managed_disk|key_vault|kubernetes_cluster|container_registry|resource_group|recovery_services_vault|backup_|eventhub|servicebus_queue|dns_zone|data_lake|synapse|kusto|linux_virtual_machine|windows_virtual_machine|virtual_machine|virtual_network|log_analytics_workspace)|digitalocean_(database|volume|spaces|droplet|kubernetes)|mongodbatlas_|linode_(database|volume)|hcloud_(volume|server)|kubernetes_(persistent_volume|namespace|stateful_set)|docker_volume|postgresql_(database|schema)|mysql_database|snowflake_(database|schema|table)|vault_mount|confluent_kafka|elasticsearch_index|rabbitmq_(vhost|queue)|github_repository$|okta_app|tls_private_key|openstack_blockstorage|openstack_db/i;
const accessory =
  /_(policy|policies|attachment|association|subnet_group|parameter_group|option_group|notification|acl|logging|lifecycle_configuration|metric|alarm|permission|iam_\w+|firewall_rule|rule|alias|record|user|versioning|public_access_block|server_side_encryption_configuration|ownership_controls|website_configuration|cors_configuration|object|binding|member|role_assignment|configuration|target|proxy|event_subscription|diagnostic_setting|secret_version|grant|grants|snapshot_schedule|node_group|node_pool|addon|private_endpoint)$|::(\w*policy|dbsubnetgroup|subnetgroup|\w*parametergroup|optiongroup|dbproxy\w*|alias|dashboard)$/i;

/** Whether something of this type holds what is lost with it. */
export function isStateful(type: string): boolean {
  return stateful.test(type) && !accessory.test(type);
}

/** Attributes of such a type that cannot change: another value deletes it and makes a new one. */
export const identifyingKeys: ReadonlySet<string> = new Set([
  ...[
    'identifier',
    'identifier_prefix',
    'cluster_identifier',
    'bucket',
    'bucket_prefix',
    'name',
    'db_name',
    'name_prefix',
  ],
  ...[
    'availability_zone',
    'hash_key',
    'range_key',
    'engine',
    'kms_key_id',
    'storage_encrypted',
    'encrypted',
    'username',
  ],
  ...[
    'master_username',
    'location',
    'region',
    'zone',
    'snapshot_identifier',
    'database_name',
    'dataset_id',
    'ami',
    'account_id',
  ],
  ...[
    'cidr_block',
    'creation_token',
    'domain_name',
    'replication_group_id',
    'cluster_id',
    'resource_group_name',
    'project',
  ],
]);

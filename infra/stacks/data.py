"""What must survive: the table, the payload bucket, the signing secret and the keys over them."""

# pyright: reportArgumentType=false
# jsii names the parameters of its protocols otherwise than those of the classes that implement them.

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.config import StageConfig
from infra.constructs.acknowledgements import acknowledge

GLOBAL_INDEXES = ("gsi1", "gsi2", "gsi3", "gsi4")


class DataStack(Stack):
    """Stack `<prefix>-data`. Attributes are what the service stack refers to; `key` and `jwt_secret` may be None."""

    def __init__(self, scope: Construct, *, config: StageConfig) -> None:
        super().__init__(
            scope,
            f"{config.prefix}-data",
            description=f"Task Orchestrator {config.name}: data",
            termination_protection=config.keeps_data,
        )
        self._config = config
        self._removal = RemovalPolicy.RETAIN if config.keeps_data else RemovalPolicy.DESTROY
        self.key = self._key() if config.keeps_data else None
        self.table = self._table()
        self.payloads = self._payloads()
        self.webhook_key = self._webhook_key()
        self.jwt_secret = self._jwt_secret() if config.identity.uses_secret else None

    def _key(self) -> kms.Key:
        return kms.Key(
            self,
            "Key",
            alias=f"alias/{self._config.prefix}",
            description="Encrypts the record, the payloads and the signing secret",
            enable_key_rotation=True,
            removal_policy=self._removal,
        )

    def _webhook_key(self) -> kms.Key:
        """A key only for the secrets of webhooks, in every stage: whoever may read the table cannot open them."""
        return kms.Key(
            self,
            "WebhookKey",
            alias=f"alias/{self._config.prefix}-webhooks",
            description="Encrypts the signing keys and credentials of webhooks",
            enable_key_rotation=True,
            removal_policy=self._removal,
        )

    def _table(self) -> dynamodb.Table:
        """One table; the key design is in docs/data-model.md."""
        managed, owned = dynamodb.TableEncryption.CUSTOMER_MANAGED, dynamodb.TableEncryption.DEFAULT
        table = dynamodb.Table(
            self,
            "Table",
            table_name=self._config.prefix,
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            time_to_live_attribute="ttl",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            encryption=managed if self.key else owned,
            encryption_key=self.key,
            deletion_protection=self._config.keeps_data,
            removal_policy=self._removal,
        )
        table.add_local_secondary_index(
            index_name="open", sort_key=_text("open_sk"), projection_type=dynamodb.ProjectionType.ALL
        )
        for index in GLOBAL_INDEXES:
            table.add_global_secondary_index(
                index_name=index,
                partition_key=_text(f"{index}pk"),
                sort_key=_text(f"{index}sk"),
                projection_type=dynamodb.ProjectionType.ALL,
            )
        return table

    def _payloads(self) -> s3.Bucket:
        """Values too large for an item: the item holds the object's key, the bucket the bytes."""
        bucket = s3.Bucket(
            self,
            "Payloads",
            encryption=s3.BucketEncryption.KMS if self.key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=self.key,
            bucket_key_enabled=True if self.key else None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            versioned=self._config.keeps_data,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="incomplete-uploads",
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                    noncurrent_version_expiration=Duration.days(30) if self._config.keeps_data else None,
                )
            ],
            removal_policy=self._removal,
        )
        acknowledge(
            bucket,
            "AwsSolutions-S1",
            "Only the service's functions read it; every access is traced, CloudTrail data events log the rest",
        )
        return bucket

    def _jwt_secret(self) -> secretsmanager.Secret:
        """64 random characters: more key than HS256's 256 bits."""
        secret = secretsmanager.Secret(
            self,
            "JwtSecret",
            secret_name=f"{self._config.prefix}/jwt-secret",
            description="Signs the bearer tokens of this stage (HS256)",
            encryption_key=self.key,
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=self._removal,
        )
        acknowledge(
            secret,
            "AwsSolutions-SMG4",
            "A rotation has to reach the issuer of the tokens at the same moment: docs/deploy.md says how",
        )
        return secret


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)

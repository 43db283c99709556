"""The data stack: the one table, and that prod keeps what it holds."""

from collections.abc import Mapping
from typing import Any

from orchestrator.adapters.dynamodb import schema
from tests.infra.assembly import Assembly, listed, text

KEYS = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
ALL = {"ProjectionType": "ALL"}


def test_table_keys_and_indexes(stage: Assembly) -> None:
    table = stage.stack("data").one("AWS::DynamoDB::Table").properties
    assert table["KeySchema"] == KEYS
    assert table["LocalSecondaryIndexes"] == [
        {
            "IndexName": "open",
            "KeySchema": [KEYS[0], {"AttributeName": "open_sk", "KeyType": "RANGE"}],
            "Projection": ALL,
        }
    ]
    assert table["GlobalSecondaryIndexes"] == [
        {
            "IndexName": name,
            "KeySchema": [
                {"AttributeName": f"{name}pk", "KeyType": "HASH"},
                {"AttributeName": f"{name}sk", "KeyType": "RANGE"},
            ],
            "Projection": ALL,
        }
        for name in ("gsi1", "gsi2", "gsi3", "gsi4")
    ]
    assert {row["AttributeType"] for row in table["AttributeDefinitions"]} == {"S"}


def test_table_behaviour(stage: Assembly) -> None:
    table = stage.stack("data").one("AWS::DynamoDB::Table").properties
    assert table["TableName"] == f"task-orchestrator-{stage.stage}"
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True


def test_table_is_what_the_tests_of_the_adapters_use(dev: Assembly) -> None:
    table = dev.stack("data").one("AWS::DynamoDB::Table").properties
    assert _keys(table) == (schema.PARTITION_KEY, schema.SORT_KEY)
    assert table["TimeToLiveSpecification"]["AttributeName"] == schema.TTL_ATTRIBUTE
    indexes = table["LocalSecondaryIndexes"] + table["GlobalSecondaryIndexes"]
    declared = [(row["IndexName"], *_keys(row)) for row in indexes]
    assert declared == [tuple(index) for index in (schema.OPEN, *schema.GLOBAL_INDEXES)]


def _keys(row: Mapping[str, Any]) -> tuple[str, str]:
    partition, sort = row["KeySchema"]
    return partition["AttributeName"], sort["AttributeName"]


def test_prod_keeps_everything(prod: Assembly) -> None:
    data = prod.stack("data")
    kept = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::KMS::Key"}
    assert kept <= {row.kind for row in data.resources}
    for resource in data.resources:
        if resource.kind in kept:
            assert resource.whole["DeletionPolicy"] == "Retain", resource.logical_id
            assert resource.whole["UpdateReplacePolicy"] == "Retain", resource.logical_id
    assert data.one("AWS::DynamoDB::Table").properties["DeletionProtectionEnabled"] is True
    assert data.one("AWS::S3::Bucket").properties["VersioningConfiguration"] == {"Status": "Enabled"}


def test_prod_encrypts_with_its_own_rotated_key(prod: Assembly) -> None:
    data = prod.stack("data")
    (key,) = [row for row in data.of("AWS::KMS::Key") if "record" in row.properties["Description"]]
    assert key.properties["EnableKeyRotation"] is True
    table = data.one("AWS::DynamoDB::Table").properties["SSESpecification"]
    assert (table["SSEType"], table["KMSMasterKeyId"]["Fn::GetAtt"][0]) == ("KMS", key.logical_id)
    assert data.one("AWS::SecretsManager::Secret").properties["KmsKeyId"]["Fn::GetAtt"][0] == key.logical_id


def test_secrets_of_webhooks_have_a_key_of_their_own(stage: Assembly) -> None:
    data = stage.stack("data")
    (key,) = [row for row in data.of("AWS::KMS::Key") if "webhooks" in row.properties["Description"]]
    assert key.properties["EnableKeyRotation"] is True
    users = {
        folder: {
            action
            for row in stage.statements(folder)
            for action in listed(row["Action"])
            if key.logical_id in text(row["Resource"])
        }
        for folder in stage.functions
    }
    assert {folder: actions for folder, actions in users.items() if actions} == {
        "events_api": {"kms:Encrypt", "kms:Decrypt"},
        "webhook_delivery": {"kms:Encrypt", "kms:Decrypt"},
        "resources_api": {"kms:Encrypt", "kms:Decrypt"},
        "service_call": {"kms:Encrypt", "kms:Decrypt"},
    }


def test_dev_goes_without_a_trace(dev: Assembly) -> None:
    policies = {row.kind: row.whole.get("DeletionPolicy", "Delete") for row in dev.stack("data").resources}
    assert set(policies.values()) == {"Delete"}


def test_bucket_is_closed(stage: Assembly) -> None:
    data = stage.stack("data")
    bucket = data.one("AWS::S3::Bucket").properties
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    (statement,) = data.one("AWS::S3::BucketPolicy").properties["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_secret_is_generated_under_the_agreed_name(stage: Assembly) -> None:
    secret = stage.stack("data").one("AWS::SecretsManager::Secret").properties
    assert secret["Name"] == f"task-orchestrator-{stage.stage}/jwt-secret"
    assert secret["GenerateSecretString"]["PasswordLength"] >= 64

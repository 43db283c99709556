"""A small assembly of our own: one table, two functions, a REST API, a queue, rules, a state machine."""

import hashlib
import json
from pathlib import Path
from typing import Any

from infra.local.settings import LocalSettings

Json = dict[str, Any]
FUNCTIONS = Path(__file__).with_name("functions")
BUCKET = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
ROLE = "arn:aws:iam::000000000000:role/any"


def attribute(logical_id: str, name: str = "Arn") -> Json:
    return {"Fn::GetAtt": [logical_id, name]}


def resource(kind: str, **properties: Any) -> Json:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def data_template(prefix: str) -> Json:
    key = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    table = resource(
        "DynamoDB::Table",
        TableName=prefix,
        KeySchema=key,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gsi1pk", "gsi1sk")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "gsi1",
                "KeySchema": [
                    {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                    {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamViewType": "NEW_AND_OLD_IMAGES"},
        TimeToLiveSpecification={"AttributeName": "ttl", "Enabled": True},
    )
    secret = resource(
        "SecretsManager::Secret", Name=f"{prefix}/jwt-secret", GenerateSecretString={"PasswordLength": 64}
    )
    exports = {
        "Stream": {"Value": attribute("Table", "StreamArn"), "Export": {"Name": f"{prefix}-stream"}},
        "Table": {"Value": {"Ref": "Table"}, "Export": {"Name": f"{prefix}-table"}},
    }
    return {"Resources": {"Table": table, "Secret": secret}, "Outputs": exports}


def function(prefix: str, name: str, asset: str, **more: Any) -> Json:
    return resource(
        "Lambda::Function",
        FunctionName=f"{prefix}-{name}",
        Runtime="python3.13",
        Handler="handler.handler",
        Role=ROLE,
        Code={"S3Bucket": {"Fn::Sub": BUCKET}, "S3Key": asset},
        Environment={"Variables": {"TABLE_NAME": {"Fn::ImportValue": f"{prefix}-table"}}},
        **{"Timeout": 5, "MemorySize": 128, **more},
    )


def service_template(prefix: str, assets: dict[str, str]) -> Json:
    states = {
        "QueryLanguage": "JSONata",
        "StartAt": "Ask",
        "States": {
            "Ask": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Arguments": {
                    "FunctionName": "${Probe}",
                    "Payload": {
                        "do": "keep_token",
                        "token": "{% $states.context.Task.Token %}",
                        "name": "{% $states.context.Execution.Name %}",
                    },
                },
                "End": True,
            }
        },
    }
    made = {
        "Probe": function(prefix, "probe", assets["probe"]),
        "Watch": function(prefix, "execution-watch", assets["consumer"]),
        "Machine": resource(
            "StepFunctions::StateMachine",
            StateMachineName=f"{prefix}-machine",
            RoleArn=ROLE,
            DefinitionString=json.dumps(states),
            DefinitionSubstitutions={"Probe": attribute("Probe")},
        ),
        "Queue": resource("SQS::Queue", QueueName=f"{prefix}-queue", VisibilityTimeout=30),
        "DeadLetters": resource("SQS::Queue", QueueName=f"{prefix}-dead"),
        "QueueMapping": resource(
            "Lambda::EventSourceMapping",
            EventSourceArn=attribute("Queue"),
            FunctionName={"Ref": "Watch"},
            FunctionResponseTypes=["ReportBatchItemFailures"],
        ),
        "StreamMapping": resource(
            "Lambda::EventSourceMapping",
            EventSourceArn={"Fn::ImportValue": f"{prefix}-stream"},
            FunctionName={"Ref": "Watch"},
            StartingPosition="TRIM_HORIZON",
            BatchSize=10,
            MaximumRetryAttempts=2,
            FunctionResponseTypes=["ReportBatchItemFailures"],
            DestinationConfig={"OnFailure": {"Destination": attribute("DeadLetters")}},
            FilterCriteria={"Filters": [{"Pattern": json.dumps({"dynamodb": {"Keys": {"pk": {"S": ["work"]}}}})}]},
        ),
        "Repair": resource(
            "Events::Rule",
            Name=f"{prefix}-repair",
            ScheduleExpression="rate(5 minutes)",
            State="ENABLED",
            Targets=[{"Id": "watch", "Arn": attribute("Watch")}],
        ),
        "Ended": resource(
            "Events::Rule",
            Name=f"{prefix}-ended",
            EventPattern={"source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"]},
            State="ENABLED",
            Targets=[{"Id": "queue", "Arn": attribute("Queue")}],
        ),
    }
    return {"Resources": {**made, **rest_api(prefix)}}


def rest_api(prefix: str) -> Json:
    uri = {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Probe.Arn}/invocations"}
    method = resource(
        "ApiGateway::Method",
        RestApiId={"Ref": "Api"},
        ResourceId={"Ref": "Any"},
        HttpMethod="ANY",
        AuthorizationType="NONE",
        Integration={"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri},
    )
    failed = resource(
        "ApiGateway::GatewayResponse",
        RestApiId={"Ref": "Api"},
        ResponseType="DEFAULT_5XX",
        StatusCode="500",
        ResponseTemplates={
            "application/json": '{"code":"INTERNAL","at":"$context.requestTime","path":"$context.path","id":"$context.requestId"}'
        },
    )
    return {
        "Api": resource("ApiGateway::RestApi", Name=prefix),
        "Any": resource(
            "ApiGateway::Resource",
            RestApiId={"Ref": "Api"},
            ParentId=attribute("Api", "RootResourceId"),
            PathPart="{proxy+}",
        ),
        "Method": method,
        "Failed": failed,
        "Deployment": {
            **resource("ApiGateway::Deployment", RestApiId={"Ref": "Api"}),
            "DependsOn": ["Method", "Failed"],
        },
        "Stage": resource(
            "ApiGateway::Stage", RestApiId={"Ref": "Api"}, DeploymentId={"Ref": "Deployment"}, StageName="v1"
        ),
    }


class TinyTemplates:
    """Writes the assembly as the CDK would; `mark` makes another version of it."""

    def __init__(self, mark: str = "") -> None:
        self._mark = mark

    def key(self) -> str:
        return hashlib.sha256((Path(__file__).read_text() + self._mark).encode()).hexdigest()

    def write(self, settings: LocalSettings) -> Path:
        target = settings.state / "assembly"
        target.mkdir(parents=True, exist_ok=True)
        files, keys = {}, {}
        for name in ("probe", "consumer"):
            source = FUNCTIONS / name
            digest = hashlib.sha256((source / "handler.py").read_bytes()).hexdigest()
            keys[name] = f"{digest}.zip"
            files[digest] = _file(str(source), "zip", keys[name])
        self._stack(target, f"{settings.prefix}-data", data_template(settings.prefix), {})
        service = service_template(settings.prefix, keys)
        service["Outputs"] = {"Mark": {"Value": f"tiny {self._mark}"}}
        self._stack(target, f"{settings.prefix}-service", service, files)
        return target

    @staticmethod
    def _stack(target: Path, name: str, template: Json, files: Json) -> None:
        text = json.dumps(template)
        (target / f"{name}.template.json").write_text(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        manifest = {**files, digest: _file(f"{name}.template.json", "file", f"{digest}.json")}
        (target / f"{name}.assets.json").write_text(json.dumps({"files": manifest}))


def _file(path: str, packaging: str, key: str) -> Json:
    return {
        "source": {"path": path, "packaging": packaging},
        "destinations": {"current": {"bucketName": BUCKET, "objectKey": key}},
    }

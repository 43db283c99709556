"""Structured logs and metrics (Powertools): one logger and one metrics namespace for all functions."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

SERVICE = "task-orchestrator"

logger = Logger(service=SERVICE, utc=True)
metrics = Metrics(namespace=SERVICE, service=SERVICE)

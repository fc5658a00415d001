"""The service through boto3."""

# Prints the OTLP request for logs on standard input as JSON, decoded by the generated messages of OpenTelemetry.
import sys

from google.protobuf.json_format import MessageToJson
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

body = sys.stdin.buffer.read()
request = ExportLogsServiceRequest.FromString(body)
# A second message, because a message remembers its size.
known = ExportLogsServiceRequest.FromString(body)
known.DiscardUnknownFields()
if known.ByteSize() != request.ByteSize():
    sys.exit("The request has fields that OTLP does not define.")
print(MessageToJson(request, including_default_value_fields=True, use_integers_for_enums=True))

"""What can go wrong: mistakes of the person running the sandbox, or errors the service answers."""

from collections.abc import Mapping


class SandboxError(Exception):
    """A mistake of the person running the sandbox; the message says what to do about it."""


class ServiceError(Exception):
    """An error answer of the service, before it is put into its wire form."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        *,
        members: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members or {}
        self.headers = headers or {}


def validation(message: str) -> ServiceError:
    """A request the service understood and refuses."""
    return ServiceError("ValidationException", message)


def unreadable(message: str) -> ServiceError:
    """A request whose body or query is not in the protocol's form at all."""
    return ServiceError("SerializationException", message)


def not_found(resource_type: str, resource_id: str) -> ServiceError:
    """Something named in the request does not exist."""
    return ServiceError(
        "ResourceNotFoundException",
        f"{resource_type} {resource_id} was not found.",
        404,
        members={"resourceId": resource_id, "resourceType": resource_type},
    )


def conflict(message: str) -> ServiceError:
    """The request contradicts what is already there, or what is going on."""
    return ServiceError("ConflictException", message, 409)


def quota_exceeded(message: str) -> ServiceError:
    """A resource quota is used up; the service's status for it is 402."""
    return ServiceError("ServiceQuotaExceededException", message, 402)


def throttled(operation: str) -> ServiceError:
    """Calls to one API came faster than its quota."""
    return ServiceError("ThrottlingException", f"Rate exceeded for {operation}.", 429)


def access_denied(principal: str, operation: str) -> ServiceError:
    """The caller may not do this."""
    return ServiceError(
        "AccessDeniedException",
        f"User: {principal} is not authorized to perform: cases:{operation}",
        403,
    )


def expired() -> ServiceError:
    """The caller's temporary credentials have run out."""
    return ServiceError(
        "ExpiredTokenException", "The security token included in the request is expired", 403
    )


def internal(headers: Mapping[str, str] | None = None) -> ServiceError:
    """The service failed for reasons of its own."""
    return ServiceError(
        "InternalServerException", "An internal error occurred.", 500, headers=headers
    )


def unavailable(headers: Mapping[str, str] | None = None) -> ServiceError:
    """The service is not there for the moment."""
    return ServiceError(
        "ServiceUnavailableException",
        "The service is temporarily unavailable.",
        503,
        headers=headers,
    )

"""Why a live value is as it is: stamps, audit histories, earlier specs."""

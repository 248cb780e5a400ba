# The values that parameters accept and complete. A test compares them with those of the engine.
@{
    # States of Get-CorootContainer -State.
    ContainerState = @('running', 'pending', 'shared', 'restarting', 'failed', 'stopped', 'gone')

    DnsStatus      = @(
        'ok', 'format_error', 'servfail', 'nxdomain', 'not_implemented', 'refused', 'timeout', 'no_servers',
        'bad_answer', 'bad_name', 'cancelled', 'error'
    )

    # Types without a name are Type and a number.
    DnsType        = @(
        'TypeA', 'TypeNS', 'TypeCNAME', 'TypeSOA', 'TypePTR', 'TypeMX', 'TypeTXT', 'TypeAAAA', 'TypeSRV', 'TypeANY'
    )

    ServiceRule    = @(
        'per-user', 'unreadable', 'manual-start', 'disabled', 'driver', 'triggered', 'not-running', 'failed', 'denied',
        'not-allowed', 'selected', 'included'
    )
}

//! Every measure there is: its name, what kind, what it says. `docs/operate/metrics.md` is made from this list, and a
//! test holds both and the sources against each other.
//!
//! Labels are few and closed sets: routes by pattern, kinds of jobs, outcomes. Never a tenant, a person or an address.

/// How a measure is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, until the process starts anew.
    Counter,
    /// As it is now.
    Gauge,
    /// How many took how long, or were how large.
    Histogram,
}

impl Kind {
    /// As Prometheus calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One measure.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// How it is read.
    pub kind: Kind,
    /// Its labels, by commas.
    pub labels: &'static str,
    /// What it says.
    pub says: &'static str,
}

const fn counter(name: &'static str, labels: &'static str, says: &'static str) -> Measure {
    Measure { name, kind: Kind::Counter, labels, says }
}

const fn gauge(name: &'static str, labels: &'static str, says: &'static str) -> Measure {
    Measure { name, kind: Kind::Gauge, labels, says }
}

const fn histogram(name: &'static str, labels: &'static str, says: &'static str) -> Measure {
    Measure { name, kind: Kind::Histogram, labels, says }
}

/// All of them.
pub const MEASURES: &[Measure] = &[
    // requests
    histogram(
        "porchlight_http_request_seconds",
        "method, route, status",
        "Answered requests and how long they took, by the route's pattern.",
    ),
    gauge("porchlight_http_requests_in_flight", "", "Requests being worked on."),
    counter("porchlight_limits_refused_total", "limit", "Requests refused because somebody asked too often."),
    // sockets
    gauge("porchlight_live_connections", "side", "Live connections of agents and of visitors."),
    counter("porchlight_live_frames_sent_total", "", "Frames handed to sockets."),
    counter("porchlight_live_slow_readers_closed_total", "", "Connections let go because they did not read."),
    counter("porchlight_live_dead_peers_closed_total", "", "Connections let go because nobody answered."),
    counter(
        "porchlight_live_hub_behind_total",
        "",
        "Times the hub fell behind the bus and every connection read back what it missed.",
    ),
    histogram(
        "porchlight_live_delivery_seconds",
        "",
        "From an event's commit to the queues of those who hear it, once per batch.",
    ),
    // store
    counter("porchlight_store_events_total", "", "Events this process handed on, whoever committed them."),
    gauge("porchlight_store_events_behind", "", "Events that are committed and not handed on yet by this process."),
    histogram(
        "porchlight_store_batch_size",
        "",
        "Acknowledged writes in one commit; its sum is what was acknowledged.",
    ),
    histogram(
        "porchlight_store_batch_seconds",
        "",
        "From the moment a batch was taken up until its callers could be answered.",
    ),
    histogram("porchlight_store_commit_seconds", "", "Numbering, storing and flushing of one unit."),
    histogram("porchlight_store_wait_seconds", "pool", "From asking for a connection to a begun transaction."),
    counter("porchlight_store_errors_total", "kind", "Errors of the database, by the code they became."),
    gauge("porchlight_store_connections", "pool, state", "Connections to the database: `in_use` or `idle`."),
    gauge("porchlight_store_connections_max", "pool", "Most connections there may be."),
    gauge(
        "porchlight_store_replica_lag_seconds",
        "",
        "How far the copy of the database is behind; -1 when that is not known.",
    ),
    gauge("porchlight_disk_free_bytes", "place", "Bytes free where this process writes: `store` or `files`."),
    gauge("porchlight_disk_size_bytes", "place", "Bytes there are in all."),
    // jobs
    gauge(
        "porchlight_jobs",
        "kind, state",
        "Jobs `waiting` (schedules among them), `running`, `failed` (to be tried again), `dead`. Workers tell.",
    ),
    gauge(
        "porchlight_jobs_oldest_due_seconds",
        "kind",
        "By how long the oldest job that is due is late. Workers tell.",
    ),
    histogram("porchlight_job_seconds", "kind, outcome", "Runs of jobs: `done`, `again`, `failed` or `gave_up`."),
    // between processes
    gauge("porchlight_bus_connected", "", "Whether the bus to the other processes is there."),
    counter("porchlight_bus_sent_total", "kind", "What was sent to other processes."),
    counter("porchlight_bus_heard_total", "kind", "What was heard of other processes."),
    counter("porchlight_bus_dropped_total", "kind, why", "What was not sent or not believed."),
    counter("porchlight_bus_resyncs_total", "", "Times everything was looked up anew because hints were missed."),
    gauge("porchlight_nodes", "roles", "Processes heard of within the last 45 seconds. Workers tell."),
    // WhatsApp
    counter("porchlight_whatsapp_inbound_total", "outcome", "Deliveries of Meta's, by what became of them."),
    gauge("porchlight_whatsapp_inbound_waiting", "", "Items of deliveries that wait to be worked on. Workers tell."),
    gauge("porchlight_whatsapp_inbound_oldest_seconds", "", "How long the oldest of them has waited. Workers tell."),
    counter("porchlight_whatsapp_items_failed_total", "", "Items that could not be worked on."),
    gauge("porchlight_whatsapp_outgoing", "state", "Messages on their way out, by state. Workers tell."),
    gauge(
        "porchlight_whatsapp_outgoing_oldest_seconds",
        "",
        "How long the oldest message that is due has waited. Workers tell.",
    ),
    gauge("porchlight_whatsapp_halted_numbers", "", "Numbers nothing is sent from. Workers tell."),
    counter("porchlight_whatsapp_halts_total", "", "Times a number was stopped because of what Meta said."),
    counter("porchlight_whatsapp_media_total", "outcome", "Files fetched from Meta."),
    counter("porchlight_whatsapp_media_retries_total", "", "Files that will be fetched again."),
    // files
    gauge("porchlight_files_checking", "", "Files that wait for their verdict. Workers tell."),
    gauge("porchlight_files_checking_oldest_seconds", "", "How long the oldest of them has waited. Workers tell."),
    counter("porchlight_files_uploads_total", "outcome", "Uploads that ended."),
    counter("porchlight_files_bytes_total", "way", "Bytes taken `in` and given `out`."),
    counter("porchlight_files_checks_total", "verdict", "Checks that ended."),
    histogram("porchlight_files_check_seconds", "", "How long checks took."),
    counter("porchlight_files_store_failures_total", "", "Times the store of files was away."),
    counter("porchlight_files_swept_total", "what", "What the sweep took away."),
    counter("porchlight_files_erased_total", "", "Files whose bytes were erased."),
    counter("porchlight_files_expired_total", "", "Files that came of age."),
    counter("porchlight_files_orphans_total", "", "Objects nobody knew, taken away."),
    counter("porchlight_files_lost_total", "", "Files whose bytes are not there."),
    counter(
        "porchlight_files_store_mistaken_total",
        "",
        "Comparisons given up because the store missed too much to be believed.",
    ),
    // the outside
    histogram(
        "porchlight_outbound_seconds",
        "to, outcome",
        "Calls to `graph`, `media`, `page`, `mail`, `dns` and `scan`.",
    ),
    histogram("porchlight_blobs_seconds", "what, outcome", "Calls to the S3 store."),
    counter("porchlight_trace_export_failures_total", "", "Batches of spans the collector did not take."),
    // the process
    gauge("porchlight_build_info", "version, roles", "Always 1; its labels say what runs."),
    gauge("process_start_time_seconds", "", "When the process began, in seconds since 1970."),
    counter("process_cpu_seconds_total", "", "CPU time in whole seconds."),
    gauge("process_resident_memory_bytes", "", "Memory in use."),
    gauge("process_threads", "", "Threads."),
    gauge("process_open_fds", "", "Open files and sockets."),
    gauge("process_max_fds", "", "Most there may be."),
];

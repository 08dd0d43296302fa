import Testing

/// Whole nodes in one process. One test at a time: each runs several nodes, and the machine has other tests to run beside them.
@Suite("Flows", .serialized, .timeLimit(.minutes(10)))
enum Flows {}

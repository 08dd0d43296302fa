import Native

/// Whether the machine's clock is kept right. Deadlines, certificates and the order of things depend on it.
enum SystemClock {
    static func examine(_ report: inout DoctorReport) {
        guard let clock = KernelClock.now else {
            return report.warn(
                "clock", "the system does not say how right its clock is", "see that chrony or systemd-timesyncd keeps it")
        }
        if clock.isSynchronised {
            report.ok("clock", "synchronised, estimated error \(clock.estimatedErrorMicroseconds / 1000) ms")
        } else {
            report.warn("clock", "nothing keeps the system's clock right", "let chrony or systemd-timesyncd keep it")
        }
    }
}

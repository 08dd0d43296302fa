import CLinux

/// How the C library keeps memory that was given back, for a process that handles one message after another and makes and
/// frees the same pieces for each.
package enum ProcessMemory {
    /// Settles it once for the process; nothing where the C library has no such settings.
    ///
    /// Three habits cost more than they bring here. Small pieces kept uncombined are all combined whenever something large is made, and
    /// that is several times for each message. Memory at the end of a thread's area goes back to the system as soon as there are 128 KiB
    /// of it, which every processor is told of, and is asked for again at once. Buffers of 128 KiB come from the system one by one.
    package static let settled: Void = {
        #if canImport(Glibc)
            _ = mallopt(M_MXFAST, 0)
            _ = mallopt(M_TRIM_THRESHOLD, 4 << 20)
            _ = mallopt(M_TOP_PAD, 256 << 10)
            _ = mallopt(M_MMAP_THRESHOLD, 1 << 20)
        #endif
    }()
}

import CLinux

/// What the kernel says about its clock.
package struct KernelClock: Sendable {
    /// Whether something keeps it in step with true time.
    package let isSynchronised: Bool
    /// How wrong it may be, by its own estimate.
    package let estimatedErrorMicroseconds: Int

    /// nil where the kernel does not say.
    package static var now: KernelClock? {
        var state = timex()
        let status = adjtimex(&state)
        guard status >= 0 else { return nil }
        return KernelClock(
            isSynchronised: status != TIME_ERROR && state.status & STA_UNSYNC == 0,
            estimatedErrorMicroseconds: Int(state.esterror))
    }
}

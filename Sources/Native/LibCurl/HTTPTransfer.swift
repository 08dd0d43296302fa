import CLibCurl
import Synchronization

/// What libcurl's callbacks read and write during one call. Only the calling thread touches it, except ``cancellation``.
final class HTTPTransfer {
    private let body: HTTPBody
    private let maximumAnswerBytes: Int
    private let cancellation: HTTPCancellation
    private var unsent: Int64
    private var chunk: [UInt8] = []
    private var chunkOffset = 0
    private var hasBegun = false

    private(set) var answer: [UInt8] = []
    private(set) var answerIsTooLarge = false
    private(set) var bodyFailure: String?
    private(set) var wasCancelled = false

    init(_ request: HTTPPost, cancellation: HTTPCancellation) {
        (body, maximumAnswerBytes, unsent) = (request.body, request.maximumAnswerBytes, request.contentLength)
        self.cancellation = cancellation
    }

    /// Fills what libcurl offers; nil aborts the call. A source that ends early must abort: a shorter body would leave the
    /// peer waiting, and must never be mistaken for the whole.
    private func fill(_ room: UnsafeMutableRawBufferPointer) -> Int? {
        guard unsent > 0 else { return 0 }
        guard chunkOffset < chunk.count || pull() else { return nil }
        let count = min(room.count, chunk.count - chunkOffset)
        chunk.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[chunkOffset..<chunkOffset + count])) }
        chunkOffset += count
        unsent -= Int64(count)
        return count
    }

    /// The next piece, as it was promised.
    private func pull() -> Bool {
        do {
            (chunk, chunkOffset) = (try body.next(), 0)
        } catch {
            return fail("the source of the body failed: \(type(of: error))")
        }
        guard !chunk.isEmpty else { return fail("the body ended \(unsent) bytes early") }
        guard chunk.count <= unsent else { return fail("the body is longer than promised") }
        return true
    }

    private func fail(_ reason: String) -> Bool {
        bodyFailure = reason
        return false
    }

    /// All of the body; nil when its source did not keep its promise.
    func whole() -> [UInt8]? {
        var bytes: [UInt8] = []
        while unsent > 0 {
            guard pull() else { return nil }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            unsent -= Int64(chunk.count)
        }
        return bytes
    }

    /// Aborts the call when libcurl would write the request a second time, as it does where an open connection turns out to be
    /// dead: the peer may have taken the first. What is asked for piece by piece it cannot write again in any case.
    ///
    /// - Returns: false when the library is too old to be told.
    func goesOnce(on handle: borrowing CurlHandle) -> Bool {
        let own = Unmanaged.passUnretained(self).toOpaque()
        let begin: msggw_curl_begin_callback = { context, _, _, _, _ in
            guard let context, !HTTPTransfer.from(context).hasBegun else { return 1 }
            HTTPTransfer.from(context).hasBegun = true
            return 0
        }
        return msggw_curl_set_begin_callback(handle.pointer, begin, own) == CURLE_OK
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard answer.count + bytes.count <= maximumAnswerBytes else {
            answerIsTooLarge = true
            return false
        }
        answer.append(contentsOf: bytes)
        return true
    }

    /// Hooks this transfer into a handle. The transfer must outlive the call.
    func attach(to handle: borrowing CurlHandle) throws(HTTPClientError) {
        let (pointer, own) = (handle.pointer, Unmanaged.passUnretained(self).toOpaque())
        for option in [CURLOPT_READDATA, CURLOPT_WRITEDATA, CURLOPT_XFERINFODATA] {
            try handle.check(msggw_curl_set_pointer(pointer, option, own))
        }
        try handle.check(
            msggw_curl_set_data_callback(pointer, CURLOPT_READFUNCTION) { room, size, count, context in
                guard let room, let context else { return Int(CURL_READFUNC_ABORT) }
                let buffer = UnsafeMutableRawBufferPointer(start: room, count: size * count)
                return HTTPTransfer.from(context).fill(buffer) ?? Int(CURL_READFUNC_ABORT)
            })
        try handle.check(
            msggw_curl_set_data_callback(pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return HTTPTransfer.from(context).take(piece) ? piece.count : 0
            })
        try handle.check(msggw_curl_set_seek_callback(pointer) { _, _, _ in CURL_SEEKFUNC_FAIL })
        try handle.check(
            msggw_curl_set_progress_callback(pointer) { context, _, _, _, _ in
                guard let context else { return 1 }
                let transfer = HTTPTransfer.from(context)
                if transfer.cancellation.isRequested { transfer.wasCancelled = true }
                return transfer.wasCancelled ? 1 : 0
            })
        try handle.set(CURLOPT_NOPROGRESS, false)
    }

    private static func from(_ context: UnsafeMutableRawPointer) -> HTTPTransfer {
        Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}

/// Says to every running call that it should end. libcurl asks about once a second, and whenever something moves.
final class HTTPCancellation: Sendable {
    private let requested = Atomic<Bool>(false)
    var isRequested: Bool { requested.load(ordering: .relaxed) }
    func request() { requested.store(true, ordering: .relaxed) }
}

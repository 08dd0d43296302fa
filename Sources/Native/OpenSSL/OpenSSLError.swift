import COpenSSL

extension NativeError {
    /// Reads OpenSSL's error queue of this thread to its end. The only place that does.
    package static func fromOpenSSL(_ code: Code = .openSSL, calling call: String) -> NativeError {
        var words: [String] = []
        while true {
            let number = ERR_get_error()
            if number == 0 { break }
            if words.count < 3, let reason = ERR_reason_error_string(number) { words.append(String(cString: reason)) }
        }
        return NativeError(code, reason: words.isEmpty ? "\(call) failed" : "\(call): \(words.joined(separator: ", "))")
    }
}

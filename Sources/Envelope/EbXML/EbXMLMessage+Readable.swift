import Native

/// What we write is not parsed to see whether it reads as what was meant. So each value is asked before it is written what the
/// reader would ask of it.
extension EbXMLMessage {
    /// - Throws: `.headerMalformed` for what we would not read ourselves, or not as the same.
    func checkReadable() throws(EnvelopeError) {
        try header.checkReadable()
        switch content {
        case .payload(let manifest): try checkPayload(manifest)
        case .acknowledgment(let acknowledgment): try acknowledgment.checkReadable()
        case .error(let list):
            guard list.errors.count <= ErrorList.mostErrors else { throw unreadable("there are too many errors", "ErrorList") }
        case .ping, .pong: break
        }
    }

    private func checkPayload(_ manifest: Manifest) throws(EnvelopeError) {
        guard !header.service.isSignal else { throw unreadable("a signal has a Manifest", "Service") }
        for reference in manifest.references where (reference.role?.utf8.count ?? 0) > EbXMLElement.longestName {
            throw unreadable("the role of a part is longer than \(EbXMLElement.longestName) bytes", "Manifest")
        }
    }
}

extension MessageHeader {
    fileprivate func checkReadable() throws(EnvelopeError) {
        try from.checkReadable("From")
        try to.checkReadable("To")
        try check(cpaID, "CPAId")
        try check(conversationID, "ConversationId")
        try check(service.name, "Service")
        try check(service.type, "Service")
        try check(action, "Action")
        try messageData.checkReadable()
        try description?.checkReadable()
    }
}

extension Party {
    fileprivate func checkReadable(_ place: String) throws(EnvelopeError) {
        for id in ids {
            try check(id.type, place)
            try check(id.value, place)
        }
        if let problem = problemWithIDs() { throw unreadable(problem, place) }
        try check(role, place)
    }
}

extension MessageData {
    fileprivate func checkReadable() throws(EnvelopeError) {
        try check(messageID, "MessageId")
        try check(refToMessageID, "RefToMessageId")
        try timestamp.checkReadable("Timestamp")
        guard let timeToLive else { return }
        try timeToLive.checkReadable("TimeToLive")
        guard timeToLive.date >= timestamp.date else { throw unreadable("TimeToLive is before Timestamp", "TimeToLive") }
    }
}

extension EbXMLTimestamp {
    /// One that was read is its text; one that was made is of a year that may not be written with four digits.
    fileprivate func checkReadable(_ place: String) throws(EnvelopeError) {
        guard try EbXMLTimestamp(parsing: text) == self else { throw unreadable("a time reads as another", place) }
    }
}

extension SystemDescription {
    fileprivate func checkReadable() throws(EnvelopeError) {
        guard text.utf8.count <= Self.longest, language.utf8.count <= EbXMLElement.longestName, text.trimmed == text,
            XMLWriter.holds(text), XMLWriter.holds(language)
        else { throw unreadable("the text is too long, has white space around it or cannot be written", "Description") }
    }
}

extension Acknowledgment {
    fileprivate func checkReadable() throws(EnvelopeError) {
        try check(refToMessageID, "Acknowledgment")
        try timestamp.checkReadable("Acknowledgment")
        try from?.checkReadable("Acknowledgment")
        guard let problem = Self.problem(with: references) else { return }
        throw unreadable(problem, "Acknowledgment")
    }
}

private func check(_ text: String?, _ place: String) throws(EnvelopeError) {
    guard let text else { return }
    if let problem = EbXMLElement.problem(with: text) { throw unreadable(problem, place) }
    guard text.trimmed == text, XMLWriter.holds(text) else {
        throw unreadable("a value has white space around it or cannot be written", place)
    }
}

private func unreadable(_ reason: String, _ place: String) -> EnvelopeError {
    EnvelopeError(.headerMalformed, reason: reason, place: place)
}

import Native

/// SOAP 1.1 §4.4: the answer over HTTP when nothing can be tied to an ebXML message.
public enum SOAPFault {
    /// A `Server` fault with the outside text of a code: no detail, no actor.
    public static func server(_ code: EbXMLErrorCode) -> [UInt8] {
        var writer = XMLWriter()
        writer.declaration()
        writer.element("SOAP:Envelope", [("xmlns:SOAP", EbXMLNamespace.soap)]) { writer in
            writer.element("SOAP:Body") { writer in
                writer.element("SOAP:Fault") { writer in
                    writer.element("faultcode", text: "SOAP:Server")
                    writer.element("faultstring", text: code.outsideText)
                }
            }
        }
        return writer.bytes
    }

    /// Whether a peer's answer is a fault instead of a message.
    public static func isFault(_ soap: [UInt8]) -> Bool {
        guard let document = try? XMLDocument.ebXML(parsing: soap), document.root.is("Envelope", EbXMLNamespace.soap) else {
            return false
        }
        return document.root.child("Body", EbXMLNamespace.soap)?.child("Fault", EbXMLNamespace.soap) != nil
    }
}

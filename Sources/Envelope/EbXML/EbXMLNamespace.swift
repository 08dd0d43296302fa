/// Namespaces and fixed names of ebMS 2.0 and SOAP 1.1.
enum EbXMLNamespace {
    static let eb = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"
    static let soap = "http://schemas.xmlsoap.org/soap/envelope/"
    static let xlink = "http://www.w3.org/1999/xlink"
    static let xml = "http://www.w3.org/XML/1998/namespace"
    static let version = "2.0"
    /// ebMS 2.0 §2.3.10: the MSH that acts for the receiving party.
    static let toPartyMSH = "urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH"
    static let nextActor = "http://schemas.xmlsoap.org/soap/actor/next"
}

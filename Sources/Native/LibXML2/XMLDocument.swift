import CArena
import CLibXML2

/// Owns one libxml2 document, parsed with everything that reaches outside the document switched off.
///
/// A class and not a noncopyable struct, because every ``XMLNode`` keeps its document alive. It is not `Sendable`:
/// libxml2 trees belong to one thread at a time.
package final class XMLDocument {
    let pointer: xmlDocPtr
    /// Namespace names by where the parser keeps them: every element has one and there are only a few.
    private var namespaceNames: [UnsafePointer<xmlChar>: String] = [:]
    /// The root element.
    package var root: XMLNode { XMLNode(document: self, pointer: xmlDocGetRootElement(pointer)) }

    /// Whether the canonical form of the tree is one that ``PlainCanonicalForm`` writes. Nobody changes the tree, and each
    /// signature asks twice.
    private(set) lazy var isPlain = PlainCanonicalForm.isPlain(pointer)

    /// What the tree lies in; nil when it lies among everything else.
    private let arena: OpaquePointer?
    /// Whether all of it lies there.
    private let isInArena: Bool

    /// - Throws: ``NativeError`` `.xmlRefused` for what ``XMLLimits`` or the ban on DOCTYPE stops, `.xmlMalformed` for what
    ///   the parser stops, undeclared namespace prefixes included.
    package convenience init(parsing bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(NativeError) {
        try limits.check(bytes)
        try self.init(scanned: bytes, depth: limits.depth)
    }

    /// Parses what the limits have let through.
    init(scanned bytes: [UInt8], depth: Int) throws(NativeError) {
        Self.library
        arena = msggw_arena_open()
        let parsed = Self.parse(bytes, depth: depth)
        // The thread keeps a copy of the last complaint, and with it text of the document.
        xmlResetLastError()
        isInArena = msggw_arena_close(arena) == 1
        do { pointer = try parsed.get() } catch {
            msggw_arena_discard(arena)
            throw error
        }
    }

    deinit {
        if isInArena {
            // The one thing that looking something up may add to a tree.
            xmlFreeNsList(pointer.pointee.oldNs)
        } else {
            xmlFreeDoc(pointer)
        }
        msggw_arena_discard(arena)
    }

    private static func parse(_ bytes: [UInt8], depth: Int) -> Result<xmlDocPtr, NativeError> {
        guard let context = xmlNewParserCtxt() else {
            return .failure(NativeError(.xmlMalformed, reason: "no memory for an XML parser"))
        }
        defer { xmlFreeParserCtxt(context) }
        // HUGE only lifts limits that `limits` has already put lower, and is needed for one text of more than 10 MB
        // (an attachment in base64). NOENT, DTDLOAD, DTDATTR, XINCLUDE and RECOVER are never set.
        var options = Int32(
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue | XML_PARSE_COMPACT.rawValue)
        if bytes.count > 9_000_000 { options |= Int32(XML_PARSE_HUGE.rawValue) }
        let parsed = bytes.withUnsafeBytes { buffer in
            xmlCtxtReadMemory(context, buffer.baseAddress, Int32(clamping: buffer.count), nil, nil, options)
        }
        guard let parsed else { return .failure(lastError(context)) }
        guard context.pointee.nsWellFormed == 1, parsed.pointee.intSubset == nil, xmlDocGetRootElement(parsed) != nil else {
            xmlFreeDoc(parsed)
            return .failure(lastError(context))
        }
        // Whoever walks the tree does so in itself, and a thread has no room for a hundred thousand turns: should the scan ever see
        // other tags than the parser, the parser's own pile of open elements tells. It grows by doubling.
        guard Int(context.pointee.nodeMax) <= max(2 * depth, 20) else {
            xmlFreeDoc(parsed)
            return .failure(NativeError(.xmlRefused, reason: "elements are nested deeper than \(depth)"))
        }
        return .success(parsed)
    }

    func namespaceName(_ namespace: xmlNsPtr) -> String {
        guard let href = namespace.pointee.href else { return "" }
        if let known = namespaceNames[href] { return known }
        let name = XMLNode.string(href) ?? ""
        namespaceNames[href] = name
        return name
    }

    /// Trees are made in arenas, so what gives the library its memory is set before anything else.
    private static let library: Void = {
        xmlMemSetup(msggw_arena_free, msggw_arena_malloc, msggw_arena_realloc, msggw_arena_strdup)
        msggw_xml_initialise()
    }()

    /// The parser's complaint without the text it complains about: that may be a person's name.
    private static func lastError(_ context: xmlParserCtxtPtr) -> NativeError {
        var line: Int32 = 0
        var message: UnsafePointer<CChar>?
        let code = msggw_xml_last_error(context, &line, &message)
        let complaint = complaints[Int(code)] ?? "libxml2 error \(code)"
        return NativeError(.xmlMalformed, reason: "not well-formed XML (\(complaint))", line: line > 0 ? Int(line) : nil)
    }

    /// The usual ones in words, by number.
    private static let complaints = [
        4: "the document is empty", 5: "something stands after the end of the document", 9: "a character that XML does not allow",
        26: "an entity that is not declared", 42: "an attribute stands twice", 76: "an end tag without its start tag",
        77: "the document is cut off", 201: "a namespace prefix that is not declared",
    ]
}

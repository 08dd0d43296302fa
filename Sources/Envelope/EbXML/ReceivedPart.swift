/// One payload part as it was received: everything but its bytes, which lie where the receiver put them.
public struct ReceivedPart: Sendable, Hashable {
    /// Position among the payload parts, from 0: under it the receiver finds the bytes again.
    public let index: Int
    public let contentID: ContentID
    public let contentType: ContentType
    /// Transfer encoding undone.
    public let length: Int
    /// Over the same bytes.
    public let digests: PartDigests

    public init(index: Int, contentID: ContentID, contentType: ContentType, length: Int, digests: PartDigests) {
        (self.index, self.contentID, self.contentType) = (index, contentID, contentType)
        (self.length, self.digests) = (length, digests)
    }
}

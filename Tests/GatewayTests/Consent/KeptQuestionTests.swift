import Envelope
import Foundation
import Testing

@testable import Gateway

@Suite("What is asked about a message, as it is kept")
struct KeptQuestionTests {
    static let least = """
        {"childBorn":"2014-03-17","isClearedAsAnonymous":false,"message":"henvisning","messageID":"m-1",\
        "receiver":{"herID":"80000401","organisationNumber":"314000013","service":"bup"},"relations":[],\
        "sender":{"herID":"80000601","organisationNumber":"314000005","service":"fastlege"}}
        """
    static let most = """
        {"childBorn":"2014-03-17","childName":"Vennlig \\"Blåklokke\\"","childNumber":"17831490128","childScheme":"fnr",\
        "emergency":"fare\\nfor liv \\\\ helse\\u0001","guardiansAreInvited":true,"isClearedAsAnonymous":true,\
        "message":"epikrise","messageID":"m-2",\
        "receiver":{"herID":"80000401","organisationNumber":"314000013","service":"bup"},\
        "relations":["henviser","oppfolging"],\
        "sender":{"herID":"80000601","organisationNumber":"314000005","service":"fastlege"}}
        """

    @Test("is written as the encoder writes it, and read as what it was", arguments: [least, most])
    func written(_ text: String) throws {
        let kept = try JSONDecoder().decode(KeptQuestion.self, from: Data(text.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(kept.text == text)
        #expect(kept.text == String(decoding: try encoder.encode(kept), as: UTF8.self))
        #expect(try JSONDecoder().decode(KeptQuestion.self, from: Data(kept.text.utf8)) == kept)
    }

    @Test(
        "a name in one field is written as people write it, without the spaces around its parts",
        arguments: [
            ("Blåklokke, Vennlig", "Vennlig Blåklokke"), ("Blåklokke,Vennlig", "Vennlig Blåklokke"),
            (" Blåklokke\u{A0},\t\u{2003}Vennlig Å \u{3000}", "Vennlig Å Blåklokke"), ("Blåklokke\n,V", "V Blåklokke\n"),
            ("Blåklokke, ,Vennlig", "Blåklokke, ,Vennlig"), ("Blåklokke, ", " Blåklokke"),
            ("Vennlig Blåklokke", "Vennlig Blåklokke"),
        ])
    func name(field: String, shown: String) {
        #expect(KeptQuestion.name(PersonName(family: field)) == shown)
    }
}

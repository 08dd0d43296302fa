import Foundation
import Gateway
import NodeTestSupport
import Synchronization
import TestSupport
import Testing

extension Flows {
    @Suite("What is measured")
    struct MeasurementTests {
        @Test("a referral that was accepted is counted step by step on both nodes, and its times are kept")
        func counted() async throws {
            let site = try Site()
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            let pages = Mutex<[String]>([])
            try await site.serving([gp, bup]) {
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("accepted", "gp")
                for node in [gp, bup] {
                    let page = await node.metrics.text()
                    pages.withLock { $0.append(page) }
                }
            }
            let (sender, receiver) = pages.withLock { ($0[0], $0[1]) }
            let expected = [
                sender: [
                    "msggw_events_total{event=\"taken\"} 1", "msggw_events_total{event=\"sealed\"} 1",
                    "msggw_events_total{event=\"delivered\"} 1", "msggw_events_total{event=\"accepted\"} 1",
                    "msggw_messages{direction=\"out\",state=\"accepted\",what=\"message\"} 1",
                    "msggw_messages{direction=\"in\",state=\"filed\",what=\"receipt\"} 1",
                    "msggw_receipts_outstanding{receipt=\"Acknowledgment\"} 0",
                    "msggw_receipts_outstanding{receipt=\"AppRec\"} 0",
                    "msggw_delivery_seconds_count 1", "msggw_acceptance_seconds_count 1", "msggw_commit_failures_total 0",
                    "msggw_look_failures_total 0", "msggw_health 1",
                ],
                receiver: [
                    "msggw_events_total{event=\"opened\"} 1", "msggw_events_total{event=\"filed\"} 1",
                    "msggw_messages{direction=\"in\",state=\"filed\",what=\"message\"} 1",
                ],
            ]
            for (text, lines) in expected {
                for line in lines {
                    let isThere = text.contains("\n\(line)\n")
                    #expect(isThere, "\(line)")
                }
                #expect(!text.contains("msggw_commit_seconds_count 0"))
                #expect(!text.contains("msggw_pool_seconds_count{pool=\"crypto\"} 0"))
                for name in [
                    "msggw_certificate_end_timestamp_seconds{", "msggw_revocation_list_end_timestamp_seconds{",
                    "msggw_store_bytes{part=\"wal\"}",
                    "msggw_disk_free_bytes ",
                ] {
                    #expect(text.contains("\n\(name)"), "\(name)")
                }
            }
        }
    }
}

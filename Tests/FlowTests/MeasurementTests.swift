import Foundation
import Gateway
import NodeTestSupport
import TestSupport
import Testing

extension Flows {
    @Suite("What is measured")
    struct MeasurementTests {
        @Test("a referral that was accepted is counted step by step on both nodes, and its times are kept")
        func counted() async throws {
            let site = try Site()
            let (gp, bup) = (try site.open(.gp), try site.open(.bup))
            try await site.serving([gp, bup]) {
                _ = try await gp.intake.submit(Submission(document: Referral.document()))
                try await site.steps.first("accepted", "gp")
            }
            let sender = await gp.metrics.text()
            for step in ["taken", "sealed", "delivered", "accepted"] {
                #expect(sender.contains("\nmsggw_steps_total{direction=\"out\",step=\"\(step)\"} 1\n"), "\(step)")
            }
            for line in [
                "msggw_delivery_seconds_count 1", "msggw_acceptance_seconds_count 1", "msggw_commit_failures_total 0",
            ] { #expect(sender.contains("\n\(line)\n"), "\(line)") }
            let receiver = await bup.metrics.text()
            for step in ["opened", "filed"] {
                #expect(receiver.contains("\nmsggw_steps_total{direction=\"in\",step=\"\(step)\"} 1\n"), "\(step)")
            }
            for text in [sender, receiver] {
                #expect(!text.contains("msggw_commit_seconds_count 0"))
                #expect(!text.contains("msggw_pool_seconds_count{pool=\"crypto\"} 0"))
            }
        }
    }
}

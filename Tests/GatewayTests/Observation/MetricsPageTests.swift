import Foundation
import GRDB
import NodeTestSupport
import TestSupport
import Testing

@testable import Gateway

@Suite("The page of measurements")
struct MetricsPageTests {
    /// A page with a line for everything in the table, labels that need escapes among them.
    private static func full() async -> String {
        let observation = Observation()
        observation.commit(pieces: 3, time: .milliseconds(2), sync: .milliseconds(1))
        observation.received(status: 200, time: .seconds(2))
        let page = MetricsPage(observation: observation, health: { HealthReport(status: .green) }) {
            var looked = LookedUp()
            let counted: Set<Metric> = [.connections, .poolWaiting]
            for metric in Metric.all where (metric.kind == .gauge && !counted.contains(metric)) || metric == .events {
                looked[metric] = [Sample(metric.labels.map { "\($0) \"quoted\" \\ and\nbroken" }, 1.5)]
            }
            return looked
        }
        return await page.text()
    }

    @Test("is read by a strict reader of the format, and holds every metric of the table")
    func ownReader() async throws {
        let read = try PrometheusText(await Self.full())
        for metric in Metric.all {
            let family = try #require(read.families[metric.name], "\(metric.name)")
            #expect(family.kind == metric.kind.word)
            #expect(Set(family.samples.map(\.name)) == Set(metric.exported))
        }
        #expect(read.value("msggw_receipts_outstanding", ["receipt": "receipt \"quoted\" \\ and\nbroken"]) == 1.5)
        #expect(read.value("msggw_commit_pieces_bucket", ["le": "2"]) == 0)
        #expect(read.value("msggw_commit_pieces_bucket", ["le": "4"]) == 1)
    }

    @Test(
        "is read by Prometheus's own client library as we meant it",
        .enabled(
            if: Prometheus.python != nil, "not judged here: python3-prometheus-client is not installed (make packages-for-tests)")
    )
    func clientLibrary() async throws {
        let text = await Self.full()
        let theirs = try Prometheus.read(text)
        let ours = try PrometheusText(text).families.values.flatMap(\.samples)
        #expect(theirs.count == ours.count)
        #expect(theirs["msggw_commit_pieces_bucket{\"le\": \"4\"}"] == 1)
        #expect(theirs["msggw_receipts_outstanding{\"receipt\": \"receipt \\\"quoted\\\" \\\\ and\\nbroken\"}"] == 1.5)
    }

    @Test(
        "is found good by promtool",
        .enabled(if: Prometheus.hasPromtool, "not judged here: promtool is not installed (Debian's package prometheus)"))
    func promtool() async throws {
        let outcome = try Tool.run("promtool", ["check", "metrics"], input: Array(await Self.full().utf8))
        let words = String(decoding: outcome.out + outcome.err, as: UTF8.self)
        #expect(outcome.status == 0, "\(words)")
    }

    @Test("a node's own page names no person: not in the label of a certificate, nor anywhere else")
    func persons() async throws {
        let site = try Site([.gp, .bup])
        try await site.with(.gp) { node in
            let text = await node.metrics.text()
            let read = try PrometheusText(text)
            let persons = node.registry.parties.filter { $0.kind == .person }
            #expect(!persons.isEmpty)
            for person in persons {
                #expect(!text.contains(person.herID.value))
                #expect(!text.contains(person.name))
            }
            let days = try #require(read.families["msggw_certificate_end_timestamp_seconds"]).samples
            #expect(Set(days.compactMap { $0.labels["use"] }).isSuperset(of: ["signing", "encryption"]))
            #expect(days.allSatisfy { $0.value > site.clock.now.timeIntervalSince1970 })
            #expect(read.families["msggw_partner_certificate_end_timestamp_seconds"] != nil)
            #expect(read.families["msggw_revocation_list_end_timestamp_seconds"] != nil)
        }
    }

    @Test("a store that cannot be read leaves the rest of the page, and is counted")
    func unreadable() async throws {
        let site = try Site([.gp])
        try await site.with(.gp) { node in
            try await node.store.commit { try $0.execute(sql: "DROP TABLE tally") }
            let read = try PrometheusText(await node.metrics.text())
            #expect(read.value("msggw_look_failures_total") == 1)
            #expect(read.families["msggw_queue_messages"] == nil)
            #expect(read.families["process_resident_memory_bytes"] != nil)
        }
    }
}

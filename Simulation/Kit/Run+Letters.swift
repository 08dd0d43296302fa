import Foundation
import Gateway

/// What people do.
extension Run {
    func handIn(_ letter: Letter) {
        if witness.submissions[letter.number]?.isTaken == true { return }
        let machine = machine(letter.machine)
        // Whoever gets no answer, or a no that may be none tomorrow, tries again with the same document.
        world.after(random.between(.seconds(30), .minutes(20))) { [self] in handIn(letter) }
        let submission: Submission
        do { submission = try self.submission(letter) } catch {
            return witness.report(.lost, "letter \(letter.number) cannot be written: \(error)")
        }
        if letter.byCommand {
            command(on: machine) { [self] node, _ in
                await submit(letter, submission, to: node, on: machine)
                machine.process?.node.lookAgain()
            }
        } else if let process = machine.process, !process.isStopping {
            process.life.spawn { [self] in await submit(letter, submission, to: process.node, on: machine) }
        }
    }

    /// A command that somebody runs: a process beside the daemon, on the same store.
    private func command(on machine: Machine, _ body: @escaping @Sendable (Node, Life) async -> Void) {
        let life = Life(machine)
        lives.append(life)
        do {
            let node = try NodeProcess.node(on: machine, life, network: network, planted: plan.planted)
            node.steps.watch { [world, witness] event in
                witness.stepped(event)
                world.note("command on \(event.node)", "\(event.step.what) \(event.message.messageID)")
            }
            life.spawn {
                await body(node, life)
                await node.stop()
            }
        } catch {
            world.note("command on \(machine.name)", "does not start")
            world.remark("command on \(machine.name)", "\(error)")
        }
    }

    /// `msggw queue`, by somebody at the sender's who knows that the letter was taken.
    func order(_ order: QueueOrder, _ number: Int) {
        guard witness.submissions[number]?.isTaken == true, let letter = plan.letters.first(where: { $0.number == number }) else {
            return
        }
        // One by one: what is delivered to one receiver stops nothing for the others.
        carryOut(order, on: { $0.messages(of: letter) }, of: machine(letter.machine), about: "letter \(number)")
    }

    /// Whoever reads the alerts lets go on what the node left alone because it died too often with it in its hands: the deaths here
    /// are no message's doing.
    func readAlerts() {
        for machine in machines where machine.process != nil && !machine.toldSuspects.isEmpty {
            carryOut(.release, on: { $0.toldSuspects }, of: machine, about: "what the node died with")
        }
    }

    private func carryOut(
        _ order: QueueOrder, on messages: @escaping @Sendable (Machine) -> [Int64], of machine: Machine, about what: String
    ) {
        command(on: machine) { [world] node, life in
            let desk = QueueDesk(store: node.store, registry: node.registry, actor: .command(), clock: life.clock)
            for message in messages(machine) {
                let outcome: String
                do {
                    let results = try await desk.carryOut(order, on: ["#\(message)"], isConfirmed: true)
                    outcome = results.map { "\($0.receiver) \($0.outcome.rawValue)" }.joined(separator: ", ")
                } catch {
                    outcome = "not done"
                    world.remark("queue on \(machine.name)", "\(error)")
                }
                world.note("queue on \(machine.name)", "\(order) \(what): \(outcome)")
            }
            machine.process?.node.lookAgain()
        }
    }

    private func submit(_ letter: Letter, _ submission: Submission, to node: Node, on machine: Machine) async {
        let outcome: Witness.Submission
        do {
            let taken = try await node.intake.submit(submission)
            outcome = .taken(messageIDs: Dictionary(taken.map { ($0.receiver.value, $0.messageID) }) { $1 })
        } catch let error as SubmissionError where error.code == .duplicate {
            outcome = .takenBefore
        } catch {
            outcome = .refused("\(error)")
        }
        machine.world.note("sender of letter \(letter.number)", Self.words(outcome))
        machine.world.remark("sender of letter \(letter.number)", "\(outcome)")
        witness.submitted(letter, outcome)
    }

    private static func words(_ outcome: Witness.Submission) -> String {
        switch outcome {
        case .unanswered: "no answer"
        case .taken(let ids): "taken as \(ids.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
        case .takenBefore: "taken before"
        case .refused: "refused"
        }
    }

    private func submission(_ letter: Letter) throws -> Submission {
        let document =
            try witness.documents[letter.number]
            ?? letter.document(referral: referral, answering: plan.letters, generated: world.date())
        witness.handedIn(letter, document)
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let files = try letter.attachments.indices.map { index in
            let path = "\(scratch)/\(letter.number)-\(index).pdf"
            try Data(letter.attachment(index)).write(to: URL(filePath: path))
            return SubmittedAttachment(path: path)
        }
        return Submission(document: document, attachments: files)
    }
}

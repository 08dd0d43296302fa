import Foundation
import Gateway

/// What goes wrong.
extension Run {
    func begin(_ mishap: Mishap) {
        world.note("world", "\(mishap)")
        let end = { [world] (action: @escaping () -> Void) in world.after(mishap.length, action) }
        switch mishap.kind {
        case .crash(let name, let point): crash(machine(name), at: point, for: mishap.length)
        case .stop(let name):
            machine(name).process?.terminate()
            end { [self] in restart(machine(name)) }
        case .partition(let one, let other, let bothWays):
            let links = [Network.Link(from: one, to: other)] + (bothWays ? [Network.Link(from: other, to: one)] : [])
            for link in links { network.cut[link, default: 0] += 1 }
            end { [network] in
                for link in links {
                    let left = (network.cut[link] ?? 0) - 1
                    network.cut[link] = left > 0 ? left : nil
                }
            }
        case .storm(let one, let other, let weather):
            let link = Network.Link(from: one, to: other)
            network.storms[link] = weather
            end { [network] in network.storms[link] = nil }
        case .replay(let count): network.replay(count)
        case .renewal(let name):
            renew(machine(name))
            restart(machine(name))
        case .order(let order, let letter):
            self.order(order, letter)
            if order == .hold { end { [self] in self.order(.release, letter) } }
        default: beginAtMachine(mishap, end)
        }
    }

    private func beginAtMachine(_ mishap: Mishap, _ end: (@escaping () -> Void) -> Void) {
        switch mishap.kind {
        case .fullDisk(let name):
            machine(name).disk.isFull = true
            machine(name).impaired.append(world.now...world.now + mishap.length.microseconds)
            end { [self] in machine(name).disk.isFull = false }
        case .diskErrors(let name, let count): machine(name).disk.errors += count
        case .slowDisk(let name):
            machine(name).disk.latency = .seconds(4)
            end { [self] in machine(name).disk.latency = .milliseconds(15) }
        case .clock(let name, let shift):
            machine(name).clockShift += shift
            end { [self] in machine(name).clockShift -= shift }
        case .busy(let name, let retryAfter):
            machine(name).busy = (retryAfter, world.now + mishap.length.microseconds)
        case .strain(let name):
            machine(name).strain = 200
            end { [self] in machine(name).strain = 1 }
        case .noFolder(let name):
            breakFolder(machine(name))
            end { [self] in mendFolder(machine(name)) }
        case .crash, .stop, .partition, .storm, .replay, .renewal, .order: return
        }
    }

    private func crash(_ machine: Machine, at point: Mishap.CrashPoint, for length: Duration) {
        switch point {
        case .now: crash(machine, for: length)
        case .beforeCommit(let number):
            var left = number
            machine.disk.beforeCommit = { [self] in
                left -= 1
                guard left == 0 else { return }
                crash(machine, for: length)
                throw SimulationError("the process is no more")
            }
        case .afterCommit(let number):
            var left = number
            machine.disk.beforeCommit = { [self] in
                left -= 1
                // The commit goes through; whoever waits for it does not live to hear of it.
                if left == 0 { crash(machine, for: length) }
            }
        }
    }

    /// A file in the folder's place.
    private func breakFolder(_ machine: Machine) {
        let folder = machine.folder + "/filed"
        try? FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
        _ = FileManager.default.createFile(atPath: folder, contents: nil)
    }

    func mendFolder(_ machine: Machine) {
        let folder = machine.folder + "/filed"
        guard FileManager.default.fileExists(atPath: folder + ".away") else { return }
        try? FileManager.default.removeItem(atPath: folder)
        try? FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
    }
}

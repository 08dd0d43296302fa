import ArgumentParser
import Gateway

@main
struct MsgGW: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "msggw",
        abstract: "Secure exchange of clinical messages between GPs, hospitals, city districts and families.",
        discussion: """
            A node is one running 'msggw serve'. Make its folder with 'msggw init', hand it messages with 'msggw send', look at \
            what came with 'msggw inbox', and follow a message with 'msggw status'. 'msggw demo' shows all of it on this \
            machine. Every setting is in the node folder's msggw.yaml, with its meaning.

            Results go to standard output, everything else to standard error. With --json the result is JSON; its keys are in \
            docs/COMMANDS.md and are never renamed.

            Exit codes: 0 done; 1 refused or failed, and the line on standard error says why; 2 not readable (inspect, check); \
            64 wrong usage; 69 not possible now, try again; 74 the disk of the store failed; 78 the node's configuration must be \
            mended.
            """,
        version: Gateway.MSGGW.version,
        subcommands: [
            Initialise.self,
            Serve.self,
            Send.self,
            InboxCommand.self,
            Status.self,
            FamilyCommand.self,
            LetterCommand.self,
            Reject.self,
            Accept.self,
            Forward.self,
            AnswerCommand.self,
            ReferralCommand.self,
            Overview.self,
            StatisticsCommand.self,
            Takeover.self,
            FollowUp.self,
            QueueCommand.self,
            Trace.self,
            Evidence.self,
            RegistryCommand.self,
            AuditCommand.self,
            AlertsCommand.self,
            BackupCommand.self,
            RestoreCommand.self,
            RetentionCommand.self,
            StoreCommand.self,
            Doctor.self,
            Check.self,
            ConsentCommand.self,
            Inspect.self,
            Samples.self,
            Demo.self,
            Version.self,
        ]
    )
}

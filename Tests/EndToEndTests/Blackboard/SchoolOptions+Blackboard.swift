import LMSSimulator
import RegistrarTesting

extension SchoolOptions {
    /// A Blackboard Learn site.
    static func blackboard(
        _ shape: GeneratedBlackboardSchool.Shape = .init(),
        seed: UInt64 = 7,
        faults: BlackboardFaults = BlackboardFaults(),
        sourceLines: [String] = [],
        optionLines: [String] = []
    ) -> SchoolOptions {
        SchoolOptions(
            kind: "blackboard",
            credentialLines: SchoolOptions.clientLines,
            secret: "fake-secret",
            sourceLines: sourceLines,
            optionLines: optionLines
        ) {
            try await Simulator.start(
                GeneratedBlackboardSchool.make(shape, seed: seed),
                BlackboardSettings(faults: faults)
            )
        }
    }
}

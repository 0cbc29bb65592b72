import ArgumentParser
import Settings
import Sync

/// The command `registrar doctor`.
struct DoctorCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the configuration, the warehouse and each source's credentials.",
        discussion: "One line a check: ok, warn or FAIL with the remedy. Exits with the first FAIL's code."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let configuration: RegistrarConfiguration
        do {
            configuration = try ServiceFactory.configuration(global)
        } catch {
            console.output(DoctorText.text(DoctorText.findings(of: error)))
            return Sync.ExitCode.configuration.rawValue
        }
        console.output(DoctorText.text(DoctorText.findings(of: configuration)))
        let service = ServiceFactory.service(configuration, command: "doctor", console: console)
        let findings = await service.doctor()
        console.output(DoctorText.text(findings))
        return DoctorText.exitCode(findings)
    }
}

import Foundation
import Platforms
import Testing

@testable import Settings

@Suite struct TemplateTests {
    @Test("what init writes is valid once its secret is set", arguments: [Kinds.all, PlatformRegistry.kinds])
    func valid(_ kinds: [KindDescription]) throws {
        let text = ConfigurationTemplate.yaml(kinds: kinds)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 70)
        let configuration = try RegistrarConfiguration(
            parsing: Array(text.utf8),
            file: "f",
            environment: ["ACME_SECRET": "x", "ACME_KEY": "y"],
            kinds: kinds
        )
        #expect(configuration.sources.map(\.kind) == [kinds.first?.kind])
        #expect(configuration.warnings.isEmpty)
    }

    @Test("init --kind writes a source of that kind alone, with all that it accepts", arguments: PlatformRegistry.kinds)
    func oneKind(_ kind: KindDescription) throws {
        let text = ConfigurationTemplate.yaml(kind: kind.kind)
        let prefix = kind.kind == "grow" ? "ACME" : kind.kind.uppercased()
        let configuration = try RegistrarConfiguration(
            parsing: Array(text.utf8),
            file: "f",
            environment: ["\(prefix)_SECRET": "x", "\(prefix)_KEY": "y"]
        )
        #expect(configuration.sources.map(\.kind) == [kind.kind])
        for option in kind.options { #expect(text.contains("    #   \(option.name): ")) }
        for other in PlatformRegistry.kinds where other.kind != kind.kind {
            #expect(!text.contains("kind: \(other.kind)") && !text.contains("https://\(other.kind)."))
        }
        #expect(kind.kind == "grow" || !text.contains("acme"), "no address or secret of another platform")
    }

    @Test("a commented line that is not the default says that it is an example")
    func examples() throws {
        let lines = ConfigurationTemplate.yaml(kind: "grow", kinds: Kinds.all).split(separator: "\n")
        for name in ["requests_per_day", "schedule", "pseudonymize", "created_after", "page_size", "moved_from"] {
            let line = try #require(lines.first { $0.contains(" \(name): ") })
            #expect(line.contains("(example"), "\(line)")
        }
        for name in ["requests_per_second: 2.5", "concurrency: 4", "custom_fields: all", "token_body: data"] {
            let line = try #require(lines.first { $0.contains(" \(name)") })
            #expect(!line.contains("(example"), "\(line)")
        }
    }

    @Test("every commented key and option is valid when uncommented")
    func uncommented() throws {
        var kind = Kinds.grow
        kind.credentialSets = [["client_id", "client_secret"]]
        let lines = ConfigurationTemplate.yaml(kind: "grow", kinds: [kind]).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        let text = lines.map { line in
            guard let mark = line.firstRange(of: "# "), line[..<mark.lowerBound].allSatisfy({ $0 == " " }) else {
                return String(line)
            }
            let rest = line[mark.upperBound...]
            let key = rest.drop { $0 == " " }.prefix { $0 != ":" }
            let isKey =
                rest.contains(":") && !key.isEmpty && key.utf8.allSatisfy { $0 == 0x5f || (0x61...0x7a).contains($0) }
            return isKey ? String(line[..<mark.lowerBound]) + rest : String(line)
        }.joined(separator: "\n")
        let key = String(repeating: "k", count: 32)
        let configuration = try RegistrarConfiguration(
            parsing: Array(text.utf8),
            file: "f",
            environment: ["ACME_SECRET": "x", "REGISTRAR_TOKEN": "t", "REGISTRAR_PSEUDONYM_KEY": key],
            kinds: [kind]
        )
        #expect(configuration.warehouseURL != nil)
        #expect(configuration.sources.first?.pseudonymize == ["email", "first_name", "last_name"])
        #expect(configuration.schedules["acme"]?.fullRefresh != nil)
    }

    @Test("the reference names every key and option")
    func reference() {
        let text = ConfigurationReference.markdown(kinds: Kinds.all)
        for key in ConfigurationKeys.source { #expect(text.contains("| `\(key.name)` |")) }
        for option in Kinds.grow.options { #expect(text.contains("| `\(option.name)` |")) }
    }
}

@Suite struct ConfigurationFileTests {
    @Test("--config wins over the environment")
    func order() throws {
        #expect(try ConfigurationFile.find(path: "a", environment: ["REGISTRAR_CONFIG": "b"]) == "a")
        #expect(try ConfigurationFile.find(path: nil, environment: ["REGISTRAR_CONFIG": "b"]) == "b")
    }

    @Test("a file that is not there is named with the way out")
    func missing() {
        do throws(ConfigurationError) {
            _ = try RegistrarConfiguration.load(path: "/nowhere/registrar.yaml", environment: [:])
            Issue.record("found")
        } catch {
            #expect(error.file == "/nowhere/registrar.yaml")
            #expect(error.message.contains("no such file"))
            #expect(error.suggestion?.contains("registrar init") == true)
        }
    }
}

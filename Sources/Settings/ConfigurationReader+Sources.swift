import Extractor
import Foundation
import Platforms
import Yams

extension ConfigurationReader {
    /// Reads the list of sources.
    func readSources(_ top: Section, expander: Expander, into configuration: inout RegistrarConfiguration) {
        guard let nodes = top.nodes("sources"), !nodes.isEmpty else {
            guard use == .platforms else { return }
            if !top.has("sources") || diagnostics.problems.isEmpty {
                diagnostics.problem(
                    "no source is configured",
                    line: top.line(of: "sources"),
                    suggestion: "add an entry under sources, as `registrar init` writes it"
                )
            }
            return
        }
        var firstLines: [String: Int] = [:]
        for (index, item) in nodes.enumerated() {
            // The name in messages: the id where it can be told, else the place in the list.
            let id = item.node.mapping?["id"]?.scalar?.string
            let name = id.map { Self.isID($0) ? "sources[\($0)]" : "sources[\(index)]" } ?? "sources[\(index)]"
            let elsewhere = Dictionary(
                ConfigurationKeys.learners.map { ($0.name, "learners") }
                    + ConfigurationKeys.deletions.map { ($0.name, "deletions") }
                    + ConfigurationKeys.scope.map { ($0.name, "scope") }
                    + kinds.flatMap { $0.options.map { ($0.name, "options") } },
                uniquingKeysWith: { first, _ in first }
            )
            guard
                let section = Section(
                    item.node,
                    name: name,
                    line: item.line,
                    known: ConfigurationKeys.source.map(\.name),
                    elsewhere: elsewhere,
                    diagnostics: diagnostics,
                    expander: expander
                )
            else { continue }
            guard let source = source(section, into: &configuration) else { continue }
            if let first = firstLines[source.id] {
                diagnostics.problem(
                    "the id \(source.id) is used twice (first in line \(first))",
                    line: section.line(of: "id"),
                    suggestion: "every source needs an id of its own"
                )
            } else {
                firstLines[source.id] = section.line(of: "id")
            }
            configuration.sources.append(source)
        }
    }

    static func isID(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7a).contains(first), text.utf8.count <= 31 else { return false }
        return text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
    }

    /// One source; whatever can be checked is checked before the first problem makes it `nil`.
    private func source(_ section: Section, into configuration: inout RegistrarConfiguration) -> SourceSettings? {
        let id = id(section)
        let address = address(section)
        let movedFrom = formerAddresses(section)
        let timeZone = timeZone(section)
        let schedule = SourceSchedule(
            incremental: schedule("schedule", section),
            fullRefresh: schedule("full_refresh", section)
        )
        let interval = section.duration("publish_interval")
        if let interval, interval < .seconds(1) || interval > .seconds(86_400) {
            diagnostics.problem(
                "\(section.path("publish_interval")) must be 1s to 1d",
                line: section.line(of: "publish_interval")
            )
        }
        let concurrency = section.integer("concurrency", in: 1...64)
        let fraction = maxDeletionFraction(section)
        guard let kind = kind(section) else {
            // Still tell what is wrong with the credentials' text.
            _ = credentials(section, kind: nil)
            return nil
        }
        let credentials = credentials(section, kind: kind)
        let scope = scope(section, kind: kind)
        let streams = streams(section, kind: kind)
        let learners = section.section("learners", known: ConfigurationKeys.learners.map(\.name))
        let customFields = customFields(learners)
        let pseudonymize = pseudonymize(learners)
        let options = options(section, kind: kind)
        let rate = requestsPerSecond(section, kind: kind, address: address?.address)
        let perDay = section.integer("requests_per_day", in: 1...1_000_000_000)
        guard let id, let address else { return nil }

        var settings = SourceSettings(
            id: id,
            kind: kind.kind,
            url: address.url,
            credentials: credentials,
            requestsPerSecond: rate ?? kind.defaultRequestsPerSecond,
            requestsPerDay: perDay ?? kind.defaultRequestsPerDay,
            concurrency: concurrency ?? SourceSettings.Standard.concurrency,
            streams: streams ?? kind.defaultStreams,
            timeZone: timeZone ?? SourceSettings.Standard.timeZone,
            customFields: customFields ?? kind.defaultCustomFields,
            pseudonymize: pseudonymize,
            pseudonymKey: pseudonymize.isEmpty ? nil : environment[Self.pseudonymKeyVariable].map { Secret($0) },
            scope: scope,
            publishInterval: interval ?? SourceSettings.Standard.publishInterval,
            maxDeletionFraction: fraction ?? SourceSettings.Standard.maxDeletionFraction,
            options: options
        )
        settings.movedFrom = movedFrom
        settings.assumesRequestsPerDay = perDay == nil
        settings.configDigest = ConfigurationDigest.digest(of: settings, kind: kind)
        if schedule != SourceSchedule() { configuration.schedules[id] = schedule }
        return settings
    }

    private func id(_ section: Section) -> String? {
        guard section.has("id") else {
            missing("id", section)
            return nil
        }
        guard let id = section.text("id") else { return nil }
        guard Self.isID(id.text) else {
            let allowed = id.text.lowercased().unicodeScalars.map { scalar -> Character in
                ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
            }
            let near = String(String(allowed).drop { !$0.isLetter }.prefix(31))
            diagnostics.problem(
                "\(section.path("id")) must be a small letter, then up to 30 small letters, digits or _",
                line: id.line,
                suggestion: Self.isID(near) ? "for example \(near)" : nil
            )
            return nil
        }
        return id.text
    }

    private func kind(_ section: Section) -> KindDescription? {
        guard section.has("kind") else {
            missing("kind", section)
            return nil
        }
        guard let text = section.text("kind") else { return nil }
        if let kind = kinds.first(where: { $0.kind == text.text }) { return kind }
        let near = NearestName.of(text.text, in: kinds.map(\.kind))
        diagnostics.problem(
            "unknown kind \(Section.quoted(text.text))",
            line: text.line,
            suggestion: near.map { "did you mean \($0)?" }
                ?? "the kinds are \(kinds.map(\.kind).joined(separator: ", "))"
        )
        return nil
    }

    private func address(_ section: Section) -> (url: String, address: SourceAddress)? {
        guard section.has("url") else {
            missing("url", section)
            return nil
        }
        guard let url = section.text("url") else { return nil }
        do throws(SourceAddress.Problem) {
            return (url.text, try SourceAddress(url.text))
        } catch {
            diagnostics.problem("\(section.name): \(error.message)", line: url.line, suggestion: error.suggestion)
            return nil
        }
    }

    private func credentials(_ section: Section, kind: KindDescription?) -> Credentials {
        let credentials = Credentials(
            clientID: use == .platforms ? section.text("client_id")?.text : nil,
            clientSecret: secret("client_secret", of: section),
            apiKey: secret("api_key", of: section),
            accessToken: secret("access_token", of: section)
        )
        guard let kind, !kind.credentialSets.isEmpty else { return credentials }
        let missing = kind.credentialSets.map { set in set.filter { !section.isMeant($0) } }
        guard missing.allSatisfy({ !$0.isEmpty }) else { return credentials }
        // Name what is missing of the set that is nearest to complete.
        let nearest = missing.min { $0.count < $1.count } ?? []
        diagnostics.problem(
            "\(section.name) lacks \(nearest.joined(separator: " and "))",
            line: section.line,
            suggestion: "a source of kind \(kind.kind) needs "
                + kind.credentialSets.map { $0.joined(separator: " and ") }.joined(separator: ", or ")
        )
        return credentials
    }

    /// Where the same school was before; a host alone is one that answers by https.
    private func formerAddresses(_ section: Section) -> [String] {
        let named = section.list("moved_from", acceptsOne: true) ?? []
        return named.compactMap { former in
            if (try? APIOrigin(parsing: former.text)) != nil { return former.text }
            diagnostics.problem(
                "\(section.path("moved_from")) holds something that is no address",
                line: former.line,
                suggestion: "write the url that the source had before, such as https://old.example.org"
            )
            return nil
        }
    }

    private func requestsPerSecond(_ section: Section, kind: KindDescription, address: SourceAddress?) -> Double? {
        guard let rate = section.number("requests_per_second") else { return nil }
        let line = section.line(of: "requests_per_second")
        guard rate >= 0.001, rate <= 1_000_000 else {
            diagnostics.problem("\(section.path("requests_per_second")) must be 0.001 to 1000000", line: line)
            return nil
        }
        if let largest = kind.largestRequestsPerSecond, rate > largest, address?.isLoopback != true {
            diagnostics.problem(
                "\(section.path("requests_per_second")) is more than the platform allows",
                line: line,
                suggestion: "write \(largest) or less"
            )
            return nil
        }
        return rate
    }

    private func maxDeletionFraction(_ section: Section) -> Double? {
        let known = ConfigurationKeys.deletions.map(\.name)
        guard let deletions = section.section("deletions", known: known),
            let fraction = deletions.number("max_fraction")
        else { return nil }
        guard (0...1).contains(fraction) else {
            diagnostics.problem(
                "\(deletions.path("max_fraction")) must be 0 to 1",
                line: deletions.line(of: "max_fraction"),
                suggestion: "0.2 means 20 percent"
            )
            return nil
        }
        return fraction
    }

    func missing(_ key: String, _ section: Section) {
        guard !section.isMeant(key) else { return }
        diagnostics.problem("\(section.name) lacks \(key)", line: section.line, suggestion: "add \(key): …")
    }
}

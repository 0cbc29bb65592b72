import Foundation
import Hashing

/// What a school's life asked of the platform and left in the warehouse, mode by mode, as a text that can be compared.
struct Trace: Sendable {
    /// A list of a section.
    struct Part: Sendable {
        var title: String
        var lines: [String]
        /// How many lines a folded trace shows; of the others it has the number and the hash of the whole list.
        var shown = Int.max
    }

    /// What one run asked and changed.
    struct Section: Sendable {
        var name: String
        var parts: [Part]
    }

    /// How long a line of a folded trace may be.
    private static let width = 100

    /// What the trace is of.
    var head: [String]
    var sections: [Section] = []

    /// The trace as text: with every line of every list where it is whole, else with long lists folded.
    func text(isWhole: Bool = false) -> String {
        var lines = head.map { "# \($0)" }
        for section in sections {
            lines += ["", "== \(section.name)"]
            for part in section.parts where !part.lines.isEmpty {
                lines.append(part.title)
                lines += (isWhole ? part.lines : Self.folded(part)).map { "  \($0)" }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The first lines of a list, long ones cut; where anything is missing, the list's hash stands for it.
    private static func folded(_ part: Part) -> [String] {
        let lines = part.lines.prefix(part.shown).map { line in
            line.count > width ? line.prefix(width) + "…" : line
        }
        let isWhole = lines == part.lines
        return lines + (isWhole ? [] : ["all \(part.lines.count): \(hash(part.lines))"])
    }

    /// A short hash of lines in their order.
    static func hash(_ lines: [String]) -> String {
        SHA256.digest(of: Array(lines.joined(separator: "\n").utf8)).prefix(6).hexadecimal
    }
}

extension Trace {
    /// The order in which paths were asked, repetitions folded: `8 × (v2/courses/*/users, v2/courses/*/grades)`.
    ///
    /// Ids in paths are left out, and so are arguments and the root of the API.
    static func order(of requests: [String]) -> [String] {
        let paths = requests.map(pattern)
        var lines: [String] = []
        var index = 0
        while index < paths.count {
            let (length, times) = repetition(in: paths, at: index)
            let group = paths[index..<(index + length)].joined(separator: ", ")
            lines.append(times == 1 ? group : length == 1 ? "\(times) × \(group)" : "\(times) × (\(group))")
            index += length * times
        }
        return lines
    }

    /// How many paths from `index` on are repeated, and how often: the group that covers most, the shortest one first.
    private static func repetition(in paths: [String], at index: Int) -> (length: Int, times: Int) {
        var best = (length: 1, times: 1)
        for length in 1...6 where index + length <= paths.count {
            var times = 1
            while index + length * (times + 1) <= paths.count,
                paths[index..<(index + length)]
                    .elementsEqual(paths[(index + length * times)..<(index + length * (times + 1))])
            {
                times += 1
            }
            if times > 1, length * times > best.length * best.times { best = (length, times) }
        }
        return best
    }

    /// The path of a request line, with `*` for each id.
    private static func pattern(_ request: String) -> String {
        let path = request.split(separator: " ").last?.prefix { $0 != "?" } ?? ""
        let components = path.split(separator: "/").map { component in
            component.contains(where: \.isNumber) && !isVersion(component) ? "*" : component
        }
        return components.drop { ["learn", "admin", "api", "public"].contains($0) }.joined(separator: "/")
    }

    private static func isVersion(_ component: Substring) -> Bool { component.count == 2 && component.first == "v" }
}

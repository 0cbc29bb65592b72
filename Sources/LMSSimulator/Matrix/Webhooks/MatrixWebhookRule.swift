import Foundation

/// A rule of a MATRIX site that POSTs variables of the administrator's choice: Sources/Platforms/Matrix/README.md §10.
///
/// There is no signature. The receiver has 10 seconds to answer; up to ten repeats follow with doubling waits of 5 seconds
/// and more, about 85 minutes in all.
package struct MatrixWebhookRule: Sendable {
    /// Whose seconds the waits are.
    package enum Waits: String, Sendable {
        /// No waiting: a repeat follows at once.
        case none = "immediate"
        /// The school's clock; it must run or be moved.
        case school
    }

    static let longestURL = 256
    static let firstWait = 5.0

    /// The receiver; loopback only, at most 256 characters.
    package var url: String
    /// The form's names and values, in order.
    package var variables: [(name: String, value: String)]
    package var repeats = 10
    package var waits = Waits.none
    /// How often the rule fires, with the same body.
    package var times = 1

    package init(url: String, variables: [(name: String, value: String)]) {
        (self.url, self.variables) = (url, variables)
    }

    /// Reads what the control path is given: `url`, `variables` (an object, or an array of pairs where order or repeated
    /// names matter), and what else differs from the default.
    init(control object: [String: Any]) throws(SimulatorError) {
        guard let url = object["url"] as? String else { throw SimulatorError("webhooks want url and variables") }
        switch object["variables"] {
        case let pairs as [[String]] where pairs.allSatisfy({ $0.count == 2 }):
            self.init(url: url, variables: pairs.map { ($0[0], $0[1]) })
        case let named as [String: Any]:
            self.init(url: url, variables: named.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") })
        default: throw SimulatorError("variables are an object, or an array of pairs")
        }
        repeats = object["repeats"] as? Int ?? repeats
        times = object["times"] as? Int ?? times
        if let name = object["waits"] as? String {
            guard let known = Waits(rawValue: name) else { throw SimulatorError("waits are immediate or school") }
            waits = known
        }
    }

    /// The form-encoded body.
    var body: [UInt8] {
        let kept = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        )
        func encoded(_ text: String) -> String {
            (text.addingPercentEncoding(withAllowedCharacters: kept) ?? "").replacing("%20", with: "+")
        }
        return Array(variables.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&").utf8)
    }

    func batch() throws(SimulatorError) -> WebhookBatch {
        guard url.count <= Self.longestURL else { throw SimulatorError("a rule's address has at most 256 characters") }
        let delivery = WebhookDelivery(
            label: "rule",
            headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: body
        )
        var waits: [Double] = []
        for _ in 0..<max(repeats, 0) { waits.append((waits.last.map { $0 * 2 }) ?? Self.firstWait) }
        return WebhookBatch(
            url: url,
            deliveries: Array(repeating: delivery, count: max(times, 0)),
            answerSeconds: 10,
            waits: waits,
            followsSchoolClock: self.waits == .school
        )
    }
}

extension Simulator {
    /// Lets a rule of a MATRIX site fire.
    ///
    /// - Returns: The receiver's status for each attempt; 0 where no answer came.
    /// - Throws: ``SimulatorError`` where the receiver is not on loopback or the last attempt got no answer.
    package func send(_ rule: MatrixWebhookRule) async throws -> [Int] {
        guard withSite({ (_: MatrixSite) in true }) == true else {
            throw SimulatorError("this platform has no such rules")
        }
        return try await deliver(rule.batch())
    }
}

extension MatrixSite {
    func webhooks(control body: [UInt8]) throws -> WebhookBatch {
        let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
        return try MatrixWebhookRule(control: object).batch()
    }
}

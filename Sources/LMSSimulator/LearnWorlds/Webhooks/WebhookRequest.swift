import Foundation
import Hashing

/// What the simulator is to deliver to a webhook receiver: Sources/Platforms/LearnWorlds/README.md §10.
package struct WebhookRequest: Sendable {
    /// How a delivery proves its origin.
    package enum Signature: String, Sendable {
        /// A shared value, sent as `v1=<value>`.
        case shared = "static"
        /// HMAC-SHA256 of the raw body in hex.
        case hmac = "hmac-sha256-hex"
    }

    /// The shape around the data.
    package enum Envelope: String, Sendable {
        /// `version`, `type`, `trigger`, `school_id`, `data`.
        case standard
        /// `user`, `automation_name`, `school`.
        case automation
    }

    /// The receiver; loopback only.
    package var url: String
    package var secret: String
    package var signature = Signature.hmac
    package var envelope = Envelope.standard
    package var version = 2
    /// One delivery for each.
    package var types = ["courseCompleted"]
    package var learnerId: String
    package var courseId: String?
    /// How often each delivery is repeated, byte for byte.
    package var duplicates = 0

    package init(url: String, secret: String, learnerId: String) {
        (self.url, self.secret, self.learnerId) = (url, secret, learnerId)
    }

    /// Reads what the control path is given; what it leaves out keeps its default.
    init(control object: [String: Any]) throws {
        guard let url = object["url"] as? String, let secret = object["secret"] as? String,
            let learner = object["learner_id"] as? String
        else { throw SimulatorError("webhooks want url, secret and learner_id") }
        self.init(url: url, secret: secret, learnerId: learner)
        if let name = object["signature"] as? String, let known = Signature(rawValue: name) { signature = known }
        if let name = object["envelope"] as? String, let known = Envelope(rawValue: name) { envelope = known }
        version = object["version"] as? Int ?? version
        types = object["types"] as? [String] ?? types
        courseId = object["course_id"] as? String
        duplicates = object["duplicates"] as? Int ?? duplicates
    }

    /// The raw bodies, one for each type.
    func bodies() throws -> [[UInt8]] {
        try types.map { type in
            var data: [String: Any] = ["user": ["id": learnerId]]
            if let courseId { data["course"] = ["id": courseId] }
            let object: [String: Any] =
                switch envelope {
                case .standard:
                    ["version": version, "type": type, "trigger": "simulated", "school_id": "simulated", "data": data]
                case .automation:
                    ["user": ["id": learnerId], "automation_name": type, "school": "simulated"]
                }
            return Array(try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]))
        }
    }

    /// The value of the signature header over `body`.
    func proof(of body: [UInt8]) -> String {
        switch signature {
        case .shared: "v1=\(secret)"
        case .hmac:
            HMACSHA256.code(for: body, key: Array(secret.utf8)).hexadecimal
        }
    }
}

import Foundation

/// The switches of one platform alone, all off by default.
package protocol PlatformSwitches: Codable, Sendable, Equatable {
    /// No fault at all.
    init()
}

/// Every switch of one platform's simulator: those of the wire and the platform's own.
///
/// Both are read and written as if they were one, here and in JSON, where the keys are the properties' names in snake_case
/// (`emptyIs404` is `empty_is404`).
@dynamicMemberLookup
package struct FaultSwitches<Own: PlatformSwitches>: Codable, Sendable, Equatable {
    var wire = WireFaults()
    var own = Own()

    /// No fault at all.
    package init() {}

    package init(from decoder: any Decoder) throws {
        wire = try WireFaults(from: decoder)
        own = try Own(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try wire.encode(to: encoder)
        try own.encode(to: encoder)
    }

    package subscript<Value>(dynamicMember path: WritableKeyPath<WireFaults, Value>) -> Value {
        get { wire[keyPath: path] }
        set { wire[keyPath: path] = newValue }
    }

    package subscript<Value>(dynamicMember path: WritableKeyPath<Own, Value>) -> Value {
        get { own[keyPath: path] }
        set { own[keyPath: path] = newValue }
    }

    /// These switches with the keys of a JSON object put over them; keys that are not sent keep their value.
    func merging(json: [UInt8]) throws(SimulatorError) -> Self {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let current = try JSONSerialization.jsonObject(with: encoder.encode(self)) as? [String: Any] ?? [:]
            guard let wanted = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] else {
                throw SimulatorError("faults must be a JSON object")
            }
            for key in wanted.keys where current[key] == nil {
                throw SimulatorError(
                    "no fault named \(key); there are \(current.keys.sorted().joined(separator: ", "))"
                )
            }
            let merged = current.merging(wanted) { $1 }
            return try decoder.decode(Self.self, from: JSONSerialization.data(withJSONObject: merged))
        } catch let error as SimulatorError {
            throw error
        } catch {
            throw SimulatorError("faults are not readable: \(error)")
        }
    }

    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}

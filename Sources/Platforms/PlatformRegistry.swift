/// The platforms Registrar knows: one line each.
package enum PlatformRegistry {
    /// Every connector; adding a platform adds its folder and one line here.
    package static let platforms: [any Platform.Type] = [
        LearnWorlds.self,
        Blackboard.self,
        Matrix.self,
    ]

    /// The description of every kind, in the order of the platforms.
    package static var kinds: [KindDescription] {
        platforms.flatMap { $0.kinds }
    }

    /// The platform that serves `kind`, or `nil` where none does.
    package static func platform(for kind: String) -> (any Platform.Type)? {
        platforms.first { type in type.kinds.contains { $0.kind == kind } }
    }
}

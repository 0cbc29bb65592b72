/// A cheap call that is made first, and alone, after the host was silenced: only its success lets others through.
package struct HostProbe: Sendable {
    /// What is asked.
    package let request: APIRequest
    /// How its answer is judged.
    package let rules: any AnswerRules

    package init(_ request: APIRequest, rules: any AnswerRules) {
        (self.request, self.rules) = (request, rules)
    }
}

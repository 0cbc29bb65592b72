import Extractor

/// Tries single calls for `doctor`, and says of each that does not answer what is wrong: path, right, option.
struct ListTrial: Sendable {
    /// What a call has brought.
    enum Outcome: Sendable {
        /// A page; of what the platform answers with 404 or nothing, an empty one.
        case page(Page)
        /// The account may not read it.
        case refused(ExtractorError)
        /// There is nothing under this path, or nothing yet.
        case missing(ExtractorError)
        /// Anything else that is not an answer.
        case failed(ExtractorError)

        var page: Page? { if case .page(let page) = self { page } else { nil } }
    }

    let client: APIClient
    /// The status codes by which the platform refuses a list to an account.
    var refusals: Set<Int> = [403]

    /// Makes one call.
    ///
    /// - Throws: what stops the source.
    func ask(_ request: APIRequest, _ rules: any AnswerRules) async throws -> Outcome {
        do {
            return .page(try await client.fetch(request, rules: rules))
        } catch let error as ExtractorError where !error.stopsSource {
            if let status = error.status, refusals.contains(status) { return .refused(error) }
            if error.code == .objectUnreadable { return .refused(error) }
            return error.status == 404 ? .missing(error) : .failed(error)
        }
    }

    /// What to tell of a list that does not answer; `nil` where it does.
    ///
    /// - Parameters:
    ///   - list: What is read, such as "the list of users".
    ///   - path: The path as the connector's README spells it, the key of `options.paths`.
    ///   - loss: What stays empty without it.
    ///   - right: What gives it to the account.
    ///   - option: The option that corrects the path.
    static func finding(
        _ outcome: Outcome,
        _ list: String,
        path: String,
        loss: String,
        right: String,
        option: String? = nil
    ) -> AccessFinding? {
        func reason(_ error: ExtractorError) -> String {
            [error.status.map(String.init), error.platformMessage ?? error.platformContext].compactMap { $0 }
                .joined(separator: ": ")
        }
        switch outcome {
        case .page: return nil
        case .refused(let error):
            return AccessFinding("\(list): refused (\(reason(error))): \(loss)", remedy: right)
        case .missing:
            return AccessFinding(
                "\(list): nothing answers at \(path) (404): \(loss)",
                remedy: "correct the path: \(option ?? "options.paths: {\"\(path)\": …}"), or options.api_root for all",
                isFailure: true
            )
        case .failed(let error):
            return AccessFinding("\(list): does not answer: \(error.description): \(loss)", remedy: right)
        }
    }
}

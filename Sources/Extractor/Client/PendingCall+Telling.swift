import Logging

/// What is said of a call: errors with its address and the platform's own words, lines in the log.
extension PendingCall {
    /// The address really called, without arguments: origin, API root, path template.
    private var address: String { shared.origin.text + shared.root + request.pathTemplate }

    // MARK: Errors

    func redirect(_ response: TransportResponse, _ answer: Answer) -> ExtractorError {
        guard let location = response.headers["Location"] else {
            return failed(.badAnswer, "the platform answered with a redirect that leads nowhere", answer: answer)
        }
        do throws(ExtractorError) {
            _ = try NextLink.resolve(location, origin: shared.origin, root: "", following: request)
            return failed(
                .badAnswer,
                "the platform redirects within its host: wrong path, or a login page",
                answer: answer
            )
        } catch {
            // A relative location without a leading slash stays on the host too.
            if !location.contains(":"), !location.hasPrefix("//"), !location.contains("\\") {
                return failed(.badAnswer, "the platform redirects within its host", answer: answer)
            }
            return failed(.security, "the platform redirects to another origin; not followed", answer: answer)
        }
    }

    /// An error of this call, with what the answer says of itself.
    ///
    /// - Parameter failure: What the rules have read of the answer already.
    func failed(
        _ code: ExtractorError.Code,
        _ message: String,
        answer: Answer?,
        saying failure: PlatformFailure = PlatformFailure()
    ) -> ExtractorError {
        var error = labelled(ExtractorError(code, message))
        error.exitOverride = failure.exitClass
        guard let answer else { return error }
        error.status = answer.status
        let isErrorAnswer = answer.status >= 400
        let said = isErrorAnswer ? answer.document.map(PlatformFailure.init(reading:)) : nil
        let complaint = failure.completed(by: said ?? PlatformFailure())
        let scrubber = makeScrubber()
        error.platformCode = complaint.code.map { scrubber.scrub($0, limit: 64) }
        error.platformContext = complaint.context.map { scrubber.scrub($0, limit: 64) }
        error.platformMessage = complaint.message.map { scrubber.scrub($0) }
        return error
    }

    func scrub(_ text: String) -> String { makeScrubber().scrub(text) }

    private func makeScrubber() -> MessageScrubber {
        MessageScrubber(
            secrets: shared.secrets + (client.credentials?.secrets ?? []) + request.ownSecrets,
            values: request.echoedValues
        )
    }

    func labelled(_ error: ExtractorError) -> ExtractorError {
        var error = error
        error.request = error.request ?? "\(request.method.rawValue) \(address)"
        error.stream = error.stream ?? request.stream
        return error
    }

    func labelling<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as ExtractorError {
            throw labelled(error)
        }
    }

    // MARK: The log

    func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
        shared.logger.log(level: level, message, metadata: metadata.merging(labels) { own, _ in own })
    }

    /// Tells of a call that was made.
    func logCall(since sentAt: Duration, _ metadata: Logger.Metadata) {
        let milliseconds = Int(((shared.time.monotonic - sentAt).inSeconds * 1_000).rounded())
        log(
            .debug,
            "call",
            metadata.merging(["method": "\(request.method.rawValue)", "ms": .stringConvertible(milliseconds)]) {
                own,
                _ in own
            }
        )
    }

    func tellWait(_ wait: Duration, _ reason: String, _ answer: Answer?, try number: Int? = nil) {
        var metadata = labels
        if let number { metadata["try"] = .stringConvertible(number) }
        if let answer { metadata["status"] = .stringConvertible(answer.status) }
        shared.tellWait(wait, because: reason, metadata)
    }

    private var labels: Logger.Metadata {
        [
            "host": "\(shared.origin.text)", "path": "\(shared.root + request.pathTemplate)",
            "stream": "\(request.stream)",
        ]
    }
}

import Records

/// Members of the watermarks of LearnWorlds.
extension WatermarkKey<Timestamp> {
    /// Of the log: behind this every row was read and acted on.
    static var followedTo: Self { Self("created_after") }
    /// Of the log: up to this row a baseline has read it; it goes on here when it was interrupted.
    static var baselineReadTo: Self { Self("baseline_read_to") }
    /// Of the log: when the first load began. From here on rows are acted on, as soon as the log can be read; without
    /// ``followedTo`` no row behind it was.
    static var followsFrom: Self { Self("follows_after") }
    /// Of the log: up to this day counts were compared.
    static var dayChecked: Self { Self("day_checked") }
    /// Of the accounts: those made since were not asked for yet.
    static var registeredAfter: Self { Self("registered_after") }
    /// Of the courses: when those that the list lacks were last looked into.
    static var vanishedAt: Self { Self("vanished_at") }
    /// Of somebody's progress: the last visit that the log has told of.
    static var lastVisitAt: Self { Self("last_visit_at") }
    /// Of somebody's progress: when it was last read because of a visit alone.
    static var visitPullAt: Self { Self("visit_pull_at") }
    /// Of a course or unit: the newest submission seen.
    static var newestSubmission: Self { Self("submitted_after") }
    /// Of a course's certificates: the newest issue seen.
    static var newestIssue: Self { Self("issued_after") }
}

extension WatermarkKey<[String]> {
    /// Of the log: the newest entries that were acted on and are not stored.
    static var seen: Self { Self("seen") }
}

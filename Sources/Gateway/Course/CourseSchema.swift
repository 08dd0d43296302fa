import GRDB

/// The table of referrals' courses, and of what follows a discharge.
enum CourseSchema {
    static func version18(_ database: Database) throws {
        try database.execute(
            sql: """
                -- One row for each document of a referral, and for each status of it that could be joined to one.
                CREATE TABLE course (
                  message INTEGER PRIMARY KEY NOT NULL REFERENCES message (id),
                  -- Number of the course's first message, which may be gone; NULL: it has not come, or this sender may not change it.
                  first INTEGER,
                  -- List 7309; S is a status, whose code of list 9148 is in `code`.
                  what TEXT NOT NULL, code TEXT,
                  -- ServReq/Id, and the HER-id of the first referrer of one that was handed over.
                  referral TEXT, referrer TEXT,
                  -- When the sender made it.
                  generated INTEGER NOT NULL,
                  standing TEXT NOT NULL,
                  -- Whom to call, sealed with the document.
                  contact BLOB
                );
                CREATE INDEX courseReferral ON course (referral) WHERE referral IS NOT NULL;
                CREATE INDEX courseFirst ON course (first) WHERE first IS NOT NULL;
                """)
        try FollowUpSchema.create(database)
    }

    /// What goes with the content of a message.
    static func forgetContent(of message: Int64, in database: Database) throws {
        try database.execute(
            sql: "UPDATE course SET contact = NULL WHERE message = ? AND contact IS NOT NULL", arguments: [message])
        try FollowUpSchema.forgetContent(of: message, in: database)
    }

    /// What goes with its record.
    static func forgetRecord(of message: Int64, in database: Database) throws {
        try database.execute(sql: "DELETE FROM course WHERE message = ?", arguments: [message])
        try FollowUpSchema.forgetRecord(of: message, in: database)
    }
}

import GRDB

/// How many messages there are by state and destination, kept while rows come, change and go, so that nobody has to count rows.
///
/// Triggers keep it, in the commit of what they count. So it is right whoever writes, the daemon or a command, and after
/// every crash. It costs one statement for each message that comes or goes and one for each change of state or destination.
enum TallySchema {
    /// What only answers something else. Nobody waits for an answer to it.
    ///
    /// Not `IN`: of more than two SQLite makes a table each time that a trigger asks, which is half of what the trigger costs.
    private static func isReceipt(_ row: String) -> String {
        "(\(row).kind = 'APPREC' OR \(row).kind = 'Acknowledgment' OR \(row).kind = 'MessageError')"
    }

    static func create(_ database: Database) throws {
        let key = { (row: String) in "\(row).direction, \(row).state, \(isReceipt(row)), \(row).destination" }
        let add = { (rows: String) in
            """
            INSERT INTO tally (direction, state, isReceipt, destination, count) VALUES \(rows)
              ON CONFLICT DO UPDATE SET count = count + excluded.count;
            """
        }
        let (more, less) = ("(\(key("new")), 1)", "(\(key("old")), -1)")
        try database.execute(
            sql: """
                CREATE TABLE tally (
                  direction TEXT NOT NULL, state TEXT NOT NULL, isReceipt INTEGER NOT NULL, destination TEXT NOT NULL,
                  count INTEGER NOT NULL,
                  PRIMARY KEY (direction, state, isReceipt, destination)
                ) WITHOUT ROWID;
                INSERT INTO tally
                  SELECT direction, state, \(isReceipt("message")), destination, count(*) FROM message GROUP BY 1, 2, 3, 4;
                CREATE TRIGGER tallyInsert AFTER INSERT ON message BEGIN \(add(more)) END;
                CREATE TRIGGER tallyDelete AFTER DELETE ON message BEGIN \(add(less)) END;
                CREATE TRIGGER tallyUpdate AFTER UPDATE OF state, destination ON message
                  WHEN old.state <> new.state OR old.destination <> new.destination
                  BEGIN \(add("\(less), \(more)")) END;

                -- Finds what its reader does not have yet without looking at the others.
                CREATE INDEX messageWaiting ON message (state) WHERE state = 'opened';
                """)
    }
}

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;

/** Serves the MongoDB protocol from a database in memory on a free port, until it is killed. */
public class SecondStore {
  /** The server says MongoDB 4.0, and the Node.js driver asks for 4.4 at least. */
  private static final MongoVersion VERSION =
      new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
          return List.of(4, 4, 0);
        }

        @Override
        public int getWireVersion() {
          return 9;
        }
      };

  public static void main(String[] args) throws InterruptedException {
    MongoServer server = new MongoServer(H2Backend.inMemory().version(VERSION));
    System.out.println(server.bind().getPort());
    Thread.currentThread().join();
  }
}

<?php

/**
 * Fakes: as much of Webasyst and Shop-Script as the plugin touches, written from their public interface.
 */

declare(strict_types=1);

/** What the fakes stand on; one for each test. */
final class FakeWebasyst
{
    public static self $now;

    public \PDO $db;
    public ?shopFiscalgatePlugin $plugin = null;
    /** @var array<string, mixed> */
    public array $post = [];
    /** @var array<string, mixed> */
    public array $server = [];
    public string $method = 'post';
    /** @var array<string, mixed> */
    public array $rights = ['orders' => 1, 'settings' => 1];
    public bool $isAdmin = false;
    public int $status = 200;
    /** @var string[] */
    public array $log = [];
    /** @var array<int, array<string, mixed>> what waNet was told to send */
    public array $sent = [];
    /** @var callable|null (): string, the whole answer with its header */
    public $network;
    /** @var array<int, array<string, string>> order -> name -> value */
    public array $params = [];
    /** @var array<int, array<string, mixed>> */
    public array $history = [];

    public function __construct()
    {
        self::$now = $this;
        $this->db = new \PDO('sqlite::memory:', null, null, [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION,
            \PDO::ATTR_STRINGIFY_FETCHES => true]);
    }
}

function ifset(&$value, $default = null)
{
    return $value ?? $default;
}

function _wp(string $text): string
{
    return ['printed' => 'напечатан', 'FN %s, FD %d, FPD %s' => 'ФН %s, ФД %d, ФПД %s'][$text] ?? $text;
}

function _ws(string $text): string
{
    return $text;
}

function wa(string $app = '')
{
    return new FakeSystem();
}

final class FakeSystem
{
    public function getPlugin(string $id): shopFiscalgatePlugin
    {
        return FakeWebasyst::$now->plugin;
    }

    public function getResponse(): self
    {
        return $this;
    }

    public function getUser(): self
    {
        return $this;
    }

    public function isAdmin(string $app): bool
    {
        return FakeWebasyst::$now->isAdmin;
    }

    public function getRights(string $app, string $name)
    {
        return FakeWebasyst::$now->rights[$name] ?? 0;
    }

    public function setStatus(int $status): void
    {
        FakeWebasyst::$now->status = $status;
    }

    public function addHeader(string $name, string $value): void
    {
    }

    public function sendHeaders(): void
    {
    }

    public function getRouteUrl(string $path, array $params, bool $absolute): ?string
    {
        return $path === 'shop/frontend' ? 'https://shop.example/' : 'https://shop.example/fiscalgate/callback/';
    }
}

class waException extends Exception
{
}

class waRightsException extends waException
{
}

final class waLog
{
    public static function log($message, $file = 'error.log'): void
    {
        FakeWebasyst::$now->log[] = $message;
    }
}

final class waRequest
{
    const TYPE_INT = 'int';
    const TYPE_STRING_TRIM = 'trim';

    public static function post($name, $default = null, $type = null)
    {
        $value = FakeWebasyst::$now->post[$name] ?? $default;
        return $type === self::TYPE_INT ? (int) $value : trim((string) $value);
    }

    public static function server(): array
    {
        return FakeWebasyst::$now->server;
    }

    public static function method(): string
    {
        return FakeWebasyst::$now->method;
    }

    public static function cookie($name, $default = null)
    {
        return 'csrf-token';
    }
}

abstract class shopPlugin
{
    protected $info;

    public function __construct($info)
    {
        $this->info = $info;
    }

    public function getPluginStaticUrl(): string
    {
        return '/wa-apps/shop/plugins/fiscalgate/';
    }

    public function getVersion(): string
    {
        return '1.0.0';
    }

    public function getSettings($name = null)
    {
        return $this->info['settings'];
    }
}

abstract class waController
{
    public function run($params = null)
    {
        $this->execute();
    }
}

abstract class waJsonController extends waController
{
    protected $response = [];
    protected $errors = [];

    /** What goes out. */
    public function result(): array
    {
        return ['data' => $this->response, 'errors' => $this->errors];
    }
}

abstract class waCliController extends waController
{
}

/** A fake: statements with s:name and i:name, over SQLite in memory. */
class waModel
{
    protected $table;
    private $affected = 0;
    private $rows = [];

    public function query($sql, $values = [])
    {
        $sql = str_replace('INSERT IGNORE', 'INSERT OR IGNORE', $sql);
        $sql = preg_replace_callback('/\b([si]):(\w+)/', static function (array $found) use ($values): string {
            $value = $values[$found[2]];
            return $found[1] === 'i' ? (string) (int) $value : FakeWebasyst::$now->db->quote((string) $value);
        }, $sql);
        $statement = FakeWebasyst::$now->db->query($sql);
        $this->rows = $statement->columnCount() > 0 ? $statement->fetchAll(\PDO::FETCH_ASSOC) : [];
        $this->affected = $statement->rowCount();
        return $this;
    }

    public function exec($sql)
    {
        FakeWebasyst::$now->db->exec($sql);
    }

    public function affectedRows(): int
    {
        return $this->affected;
    }

    public function fetchAssoc()
    {
        return array_shift($this->rows);
    }

    public function fetchAll(): array
    {
        return $this->rows;
    }
}

/** A fake: what goes out is kept, what comes back is what the test says. */
class waNet
{
    const TRANSPORT_CURL = 'curl';
    const FORMAT_RAW = 'raw';

    protected $raw_response;
    protected $response_header = [];
    private array $options;
    private array $headers;

    public function __construct($options = [], $custom_headers = [])
    {
        $this->options = $options;
        $this->headers = $custom_headers;
    }

    public function query($url, $content = [], $method = 'GET', $callback = null)
    {
        $answer = $this->runCurl($url, $content, $method);
        [$head, $this->raw_response] = explode("\r\n\r\n", $answer, 2);
        foreach (explode("\r\n", $head) as $line) {
            $parts = explode(': ', $line, 2);
            $this->response_header[count($parts) === 2 ? $parts[0] : 'http_code'] = $parts[1] ?? (int) substr($line, 9, 3);
        }
        if (isset($this->options['expected_http_code']) && $this->response_header['http_code'] !== $this->options['expected_http_code']) {
            throw new waException('not expected', $this->response_header['http_code']);
        }
        return $this->raw_response;
    }

    protected function runCurl($url, $params, $method, $curl_options = [], $callback = null)
    {
        FakeWebasyst::$now->sent[] = ['url' => $url, 'content' => $params, 'method' => $method, 'curl' => $curl_options,
            'options' => $this->options, 'headers' => $this->headers];
        return (FakeWebasyst::$now->network)();
    }
}

<?php

declare(strict_types=1);

namespace FiscalgateWoo\WordpressTests;

/**
 * A WordPress with a database, a web server and a folder of its own. All of it ends with this process.
 */
final class WordpressSite
{
    private const SOURCE = '/usr/share/wordpress';
    private const ROOT = __DIR__ . '/../../..';
    private const SECONDS = 30;
    /** PHP's own web server takes one request at a time, and leaves its helpers behind when it is killed: so there are several. */
    private const SERVERS = 3;

    public string $folder;
    public string $url;
    /** @var string[] where else the site is, at the same time */
    public array $urls = [];
    /** @var resource[] */
    private array $processes = [];
    private static self $site;

    private function __construct()
    {
        $this->folder = (string) realpath(sys_get_temp_dir()) . '/fiscalgate-wp-' . bin2hex(random_bytes(4));
        mkdir($this->folder . '/data', 0700, true);
        $this->url = 'http://127.0.0.1:' . self::freePort();
    }

    public static function start(): self
    {
        if (!is_file(self::SOURCE . '/wp-load.php')) {
            throw new \RuntimeException('WordPress is missing: the package wordpress');
        }
        self::$site = new self();
        register_shutdown_function([self::$site, 'stop']);
        self::$site->startDatabase();
        self::$site->makeFiles();
        self::$site->run('install.php');
        self::$site->startServers();
        return self::$site;
    }

    /** The site that was started. */
    public static function get(): self
    {
        return self::$site;
    }

    public function stop(): void
    {
        foreach ($this->processes as $process) {
            proc_terminate($process, 9);
            proc_close($process);
        }
        $this->processes = [];
        self::remove($this->folder);
    }

    /** Runs one of the scripts beside this file in a process of its own; gives what it printed. */
    public function run(string $script, string ...$words): string
    {
        return self::wait($this->open($script, ...$words));
    }

    /**
     * The same, not waited for.
     *
     * @return array{resource, resource}
     */
    public function open(string $script, string ...$words): array
    {
        $command = array_merge(self::php(), [__DIR__ . '/' . $script, $this->folder . '/site/'], $words);
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['file', $this->folder . '/scripts.log', 'a']], $pipes);
        return [$process, $pipes[1]];
    }

    /** @param array{resource, resource} $opened */
    public static function wait(array $opened): string
    {
        $said = (string) stream_get_contents($opened[1]);
        $status = proc_close($opened[0]);
        if ($status !== 0) {
            $logs = array_map([self::class, 'endOf'], [self::$site->folder . '/scripts.log', self::$site->folder . '/site/wp-content/debug.log']);
            throw new \RuntimeException("ended with status $status: " . implode("\n", $logs));
        }
        return $said;
    }

    private static function endOf(string $file): string
    {
        return is_file($file) ? substr((string) file_get_contents($file), -1500) : '';
    }

    /** What PHP said of the plugin in whatever process. */
    public function complaints(): string
    {
        $lines = [];
        foreach (['site/wp-content/debug.log', 'server.log', 'scripts.log'] as $log) {
            foreach (@file($this->folder . '/' . $log) ?: [] as $line) {
                if (preg_match('~(?:PHP )?(?:Deprecated|Warning|Notice|Fatal error|Parse error): .*fiscalgate-for-woocommerce/~', $line)) {
                    $lines[] = $line;
                }
            }
        }
        return implode('', $lines);
    }

    /** @return string[] */
    private static function php(): array
    {
        return ['setpriv', '--pdeathsig', 'KILL', PHP_BINARY, '-d', 'error_reporting=' . (E_ALL & ~E_DEPRECATED), '-d', 'display_errors=stderr',
            '-d', 'memory_limit=256M'];
    }

    /** An empty folder and no accounts: that is up in half a second. */
    private function startDatabase(): void
    {
        $user = function_exists('posix_getuid') && posix_getuid() === 0 ? ['--user=root'] : [];
        $command = array_merge(['setpriv', '--pdeathsig', 'KILL', '/usr/sbin/mariadbd', '--no-defaults'], $user, [
            '--datadir=' . $this->folder . '/data', '--socket=' . $this->folder . '/db.sock', '--pid-file=' . $this->folder . '/db.pid',
            '--skip-networking', '--skip-grant-tables', '--innodb-log-file-size=8M', '--innodb-buffer-pool-size=16M',
            '--innodb-flush-log-at-trx-commit=0', '--skip-log-bin',
        ]);
        $this->launch($command, 'database.log');
        $this->await(function (): bool {
            mysqli_report(MYSQLI_REPORT_OFF);
            $link = mysqli_init();
            $isUp = @$link->real_connect('localhost', 'root', '', '', 0, $this->folder . '/db.sock');
            return $isUp && $link->query('CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4');
        }, 'database');
    }

    /** The package's files by links, and our own content. */
    private function makeFiles(): void
    {
        $site = $this->folder . '/site';
        mkdir($site . '/wp-content/plugins/woocommerce', 0755, true);
        mkdir($site . '/wp-content/mu-plugins', 0755, true);
        foreach (array_merge(glob(self::SOURCE . '/*.php'), [self::SOURCE . '/wp-admin', self::SOURCE . '/wp-includes']) as $path) {
            if (basename($path) !== 'wp-config.php') {
                symlink($path, $site . '/' . basename($path));
            }
        }
        $fakes = var_export((string) realpath(__DIR__ . '/fakes/woocommerce.php'), true);
        file_put_contents("$site/wp-content/plugins/woocommerce/woocommerce.php", "<?php\n/* Plugin Name: WooCommerce (fakes) */\nrequire $fakes;\n");
        $settings = ['DB_NAME' => 'wordpress', 'DB_USER' => 'root', 'DB_PASSWORD' => '', 'DB_HOST' => 'localhost:' . $this->folder . '/db.sock',
            'DB_CHARSET' => 'utf8mb4', 'WP_HOME' => $this->url, 'WP_SITEURL' => $this->url, 'WP_DEBUG' => true, 'WP_DEBUG_LOG' => true,
            'WP_DEBUG_DISPLAY' => null, 'DISABLE_WP_CRON' => true, 'WP_DISABLE_FATAL_ERROR_HANDLER' => true, 'WP_HTTP_BLOCK_EXTERNAL' => true,
            'WP_ACCESSIBLE_HOSTS' => '127.0.0.1', 'AUTOMATIC_UPDATER_DISABLED' => true, 'WP_CONTENT_DIR' => "$site/wp-content",
            'WP_PLUGIN_DIR' => "$site/wp-content/plugins"];
        foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $key) {
            $settings[$key] = bin2hex(random_bytes(24));
        }
        $lines = "<?php\n\$table_prefix = 'wp_';\n";
        foreach ($settings as $name => $value) {
            $lines .= "define('$name', " . var_export($value, true) . ");\n";
        }
        file_put_contents("$site/wp-config.php", $lines . "require_once ABSPATH . 'wp-settings.php';\n");
        $this->unpackPlugin("$site/wp-content/plugins");
    }

    private function unpackPlugin(string $place): void
    {
        $build = ['python3', self::ROOT . '/cms-plugins/build.py', '--only', 'woocommerce', '--quiet', '--out', $this->folder];
        $unpack = ['python3', '-m', 'zipfile', '-e', $this->folder . '/fiscalgate-for-woocommerce.zip', $place];
        foreach ([$build, $unpack] as $command) {
            $process = proc_open($command, [1 => ['file', $this->folder . '/build.log', 'a'], 2 => ['file', $this->folder . '/build.log', 'a']], $pipes);
            if (proc_close($process) !== 0) {
                throw new \RuntimeException((string) file_get_contents($this->folder . '/build.log'));
            }
        }
    }

    private function startServers(): void
    {
        for ($i = 0; $i < self::SERVERS; ++$i) {
            $this->urls[] = $url = $i === 0 ? $this->url : 'http://127.0.0.1:' . self::freePort();
            $address = substr($url, strlen('http://'));
            $this->launch(array_merge(self::php(), ['-S', $address, '-t', $this->folder . '/site', __DIR__ . '/router.php']), 'server.log');
            $this->await(static function () use ($address): bool {
                $socket = @stream_socket_client('tcp://' . $address, $code, $text, 1);
                return $socket !== false && fclose($socket);
            }, 'web server');
        }
    }

    /** @param string[] $command */
    private function launch(array $command, string $log): void
    {
        $output = ['file', $this->folder . '/' . $log, 'a'];
        $process = proc_open($command, [0 => ['file', '/dev/null', 'r'], 1 => $output, 2 => $output], $pipes, $this->folder);
        if ($process === false) {
            throw new \RuntimeException('cannot start ' . implode(' ', $command));
        }
        array_unshift($this->processes, $process);
    }

    private function await(callable $condition, string $what): void
    {
        $until = microtime(true) + self::SECONDS;
        while (!$condition()) {
            if (microtime(true) > $until || !proc_get_status($this->processes[0])['running']) {
                $logs = implode("\n", array_map([self::class, 'endOf'], glob($this->folder . '/*.log')));
                throw new \RuntimeException("no $what within " . self::SECONDS . " s\n$logs");
            }
            usleep(20000);
        }
    }

    private static function freePort(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $name = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        return (int) substr($name, strrpos($name, ':') + 1);
    }

    private static function remove(string $path): void
    {
        if (is_dir($path) && !is_link($path)) {
            foreach (array_diff((array) scandir($path), ['.', '..']) as $name) {
                self::remove("$path/$name");
            }
            rmdir($path);
        } else {
            @unlink($path);
        }
    }
}

<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests\Network;

use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\CurlTransport;
use Fiscalgate\Sdk\Http\Request;
use Fiscalgate\Sdk\Http\StreamTransport;
use Fiscalgate\Sdk\Http\TransportInterface;
use PHPUnit\Framework\TestCase;

/**
 * Both transports against a server of sockets, also one whose certificate nobody vouches for.
 *
 * @group network
 */
final class TransportTest extends TestCase
{
    /** @var resource[] */
    private array $processes = [];
    /** @var resource[] */
    private array $inputs = [];
    /** @var string[] */
    private array $files = [];

    protected function tearDown(): void
    {
        array_map('fclose', $this->inputs);
        array_map('proc_close', $this->processes);
        array_map('unlink', $this->files);
    }

    public static function transports(): array
    {
        return ['curl' => [CurlTransport::class], 'stream' => [StreamTransport::class]];
    }

    /** @dataProvider transports */
    public function testSendsWhatItWasGiven(string $class): void
    {
        $url = 'http://127.0.0.1:' . $this->server();
        $body = 'BIT_DATA=' . str_repeat('abc', 50000);
        $request = new Request('POST', $url . '/echo?x=1', ['Content-Type' => 'text/x', 'X-A' => 'b'], $body);
        $response = self::make($class)->send($request);
        $seen = json_decode($response->getBody(), true);
        self::assertSame(200, $response->getStatus());
        self::assertSame('a: b', $response->getHeader('x-word'));
        self::assertSame($body, $seen['body']);
        self::assertStringStartsWith('POST /echo?x=1 HTTP/1.', $seen['head']);
        foreach (['Content-Type: text/x', 'X-A: b', 'Host: 127.0.0.1:'] as $line) {
            self::assertStringContainsString($line, $seen['head']);
        }
        self::assertStringNotContainsString('Expect', $seen['head']);
        $get = json_decode(self::make($class)->send(new Request('GET', $url . '/echo?x=1'))->getBody(), true);
        self::assertStringStartsWith('GET ', $get['head']);
    }

    /** @dataProvider transports */
    public function testEveryStatusIsAnAnswerAndNoRedirectIsFollowed(string $class): void
    {
        $url = 'http://127.0.0.1:' . $this->server();
        $fails = self::make($class)->send(new Request('GET', $url . '/fails'));
        self::assertSame([503, '{}', '7'], [$fails->getStatus(), $fails->getBody(), $fails->getHeader('Retry-After')]);
        self::assertSame(302, self::make($class)->send(new Request('GET', $url . '/moved'))->getStatus());
    }

    /** @dataProvider transports */
    public function testWhatIsNotWholeIsNoAnswer(string $class): void
    {
        $url = 'http://127.0.0.1:' . $this->server();
        foreach (['/half', '/empty', '/endless', '/garbage'] as $path) {
            self::assertLost($class, $url . $path);
        }
    }

    /** @dataProvider transports */
    public function testNobodyThere(string $class): void
    {
        $server = stream_socket_server('tcp://127.0.0.1:0');
        $name = stream_socket_get_name($server, false);
        fclose($server);
        self::assertLost($class, 'http://' . $name . '/');
    }

    /** @dataProvider transports */
    public function testACertificateOfNobodyIsRefused(string $class): void
    {
        [$port, $file] = $this->secureServer();
        self::assertLost($class, 'https://127.0.0.1:' . $port . '/echo?x=1');
        // The same certificate, trusted, but made for another name.
        self::assertLost($class, 'https://127.0.0.1:' . $port . '/echo?x=1', $file);
        $response = self::make($class, $file)->send(new Request('GET', 'https://localhost:' . $port . '/echo?x=1'));
        self::assertSame(200, $response->getStatus());
    }

    /** @dataProvider transports */
    public function testAServerThatHangsIsGivenUpInTime(string $class): void
    {
        $url = 'http://127.0.0.1:' . $this->server() . '/hangs';
        $started = microtime(true);
        self::assertLost($class, $url, '', 1);
        self::assertEqualsWithDelta(1, microtime(true) - $started, 0.9);
    }

    public function testTheTimeIsLimitedUnlessSomethingElseIsSaid(): void
    {
        $request = new Request('GET', 'http://127.0.0.1/');
        self::assertSame([5, 15], [$request->getConnectSeconds(), $request->getTotalSeconds()]);
        $hasty = new Request('GET', 'http://127.0.0.1/', [], '', 2);
        self::assertSame([2, 2], [$hasty->getConnectSeconds(), $hasty->getTotalSeconds()]);
    }

    private static function assertLost(string $class, string $url, string $caFile = '', int $seconds = 15): void
    {
        try {
            self::make($class, $caFile)->send(new Request('GET', $url, [], '', $seconds));
            self::fail('there was an answer from ' . $url);
        } catch (TransportException $e) {
            self::assertTrue($e->isRetryable());
            self::assertStringStartsWith('no ', $e->getMessage());
        }
    }

    private static function make(string $class, string $caFile = ''): TransportInterface
    {
        return new $class($caFile);
    }

    private function server(string ...$arguments): int
    {
        $command = array_merge([PHP_BINARY, __DIR__ . '/server.php'], $arguments);
        $process = proc_open($command, [['pipe', 'r'], ['pipe', 'w']], $pipes);
        $this->processes[] = $process;
        $this->inputs[] = $pipes[0];
        return (int) fgets($pipes[1]);
    }

    /** @return array{int, string} its port, and the file of its certificate, which is for "localhost" */
    private function secureServer(): array
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'fiscalgate-tls-');
        $config = (string) tempnam(sys_get_temp_dir(), 'fiscalgate-tls-');
        file_put_contents($config, "[req]\ndistinguished_name=d\n[d]\n[v]\nsubjectAltName=DNS:localhost\nbasicConstraints=CA:TRUE\n");
        $options = ['config' => $config, 'x509_extensions' => 'v', 'digest_alg' => 'sha256', 'private_key_bits' => 2048];
        $key = openssl_pkey_new($options);
        $request = openssl_csr_new(['commonName' => 'localhost'], $key, $options);
        openssl_x509_export(openssl_csr_sign($request, null, $key, 2, $options), $certificate);
        openssl_pkey_export($key, $private, null, $options);
        file_put_contents($file, $certificate . $private);
        array_push($this->files, $file, $config);
        return [$this->server($file), $file];
    }
}

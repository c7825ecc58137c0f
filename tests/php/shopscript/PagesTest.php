<?php

declare(strict_types=1);

namespace Fiscalgate\Shopscript\Tests;

use Fiscalgate\Sdk\Exception\TransportException;
use Fiscalgate\Sdk\Http\Request;
use Fiscalgate\Sdk\Tests\FakeGateway;

/**
 * What comes over HTTP, cron, the panel, the settings, and waNet.
 */
final class PagesTest extends Bench
{
    protected function setUp(): void
    {
        parent::setUp();
        \FakeShop::order(7, [['Чай', 33.33, 3, 22]]);
    }

    public function testCallbacks(): void
    {
        $this->receipts->onPaid(7);
        (new \shopFiscalgatePluginWorkCli())->run();
        $this->gateway->finish('7');
        self::assertSame([401, 'signature'], $this->post('7', 'somebody'));
        self::assertSame([404, 'unknown_order'], $this->post('8'));
        self::assertSame('queued', $this->receipts->ofOrder(7)[0]->getState());
        self::assertSame([200, 'SUCCESSFUL'], $this->post('7'));
        self::assertTrue($this->receipts->ofOrder(7)[0]->isDone());
        self::assertSame([200, 'SUCCESSFUL'], $this->post('7'));
        $this->webasyst->method = 'get';
        self::assertSame(405, $this->post('7')[0]);
        $this->webasyst->method = 'post';
        (new \waModel())->exec('DROP TABLE shop_fiscalgate_operation');
        self::assertSame(500, $this->post('7')[0]);
        $this->expectOutputString("1\n");
    }

    public function testButtonsNeedTheRight(): void
    {
        $this->webasyst->rights = ['settings' => 1];
        self::assertSame('Access denied', $this->button('sell')['errors']);
        $this->webasyst->rights = ['orders' => 1];
        self::assertSame('Access denied', $this->button('check')['errors']);
        $this->webasyst->method = 'get';
        self::assertSame('Access denied', $this->button('sell')['errors']);
        self::assertSame([], $this->gateway->asked);
        $this->webasyst->method = 'post';
        self::assertSame('Done', $this->button('sell')['data']);
        $this->webasyst->rights = [];
        $this->webasyst->isAdmin = true;
        self::assertNotSame('', $this->button('check')['data']);
        self::assertSame(['POST 7', 'POST check'], $this->gateway->asked);
    }

    public function testButtonsDoWhatTheySay(): void
    {
        $this->button('sell');
        $this->settle();
        self::assertStringContainsString('99.99', $this->button('refund', ['sum' => '100.00'])['errors']);
        self::assertSame('Done', $this->button('refund', ['sum' => '9,99'])['data']);
        $this->settle();
        self::assertNotSame([], $this->button('retry', ['key' => '7'])['errors'], 'it is printed');
        self::assertSame('Done', $this->button('refund')['data']);
        self::assertNotSame([], $this->button('nonsense')['errors']);
        $this->settle();
        self::assertSame([9999, 999, 9000], array_map([$this->gateway, 'total'], $this->numbers()));
    }

    public function testThePanel(): void
    {
        self::assertStringContainsString('data-fiscalgate-task="sell"', $this->panel());
        $this->print(7);
        $panel = $this->panel();
        foreach (['ФН 9999078902012345', '99.99', 'напечатан', '<svg', 'https://gateway.example/r/01task0000', 'csrf-token',
            'data-fiscalgate-task="refund"'] as $text) {
            self::assertStringContainsString($text, $panel);
        }
        self::assertStringNotContainsString('data-fiscalgate-task="sell"', $panel);
    }

    public function testWhatTheGatewaySaysIsEscaped(): void
    {
        $this->receipts->onPaid(7);
        $this->receipts->work();
        $this->gateway->finish('7', 'failed', '<script>alert(1)</script>');
        $this->post('7');
        (new \waModel())->exec("UPDATE shop_fiscalgate_operation SET page = 'javascript:alert(2)'");
        $panel = $this->panel();
        self::assertStringContainsString('&lt;script&gt;alert(1)', $panel);
        self::assertStringNotContainsString('<script>', $panel);
        self::assertStringNotContainsString('javascript:', $panel);
        self::assertStringContainsString('data-fiscalgate-task="retry"', $panel);
    }

    public function testEverySettingIsReadAndEveryTextIsTranslated(): void
    {
        $root = __DIR__ . '/../../../cms-plugins/shopscript/';
        $all = '';
        foreach (new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root . 'lib', \FilesystemIterator::SKIP_DOTS)) as $file) {
            $all .= file_get_contents((string) $file);
        }
        preg_match_all("/_wp?(?:\\*\\/)?\\('([^']*)'/", $all, $texts);
        self::assertGreaterThan(50, count($texts[1]));
        foreach (['ru_RU', 'en_US'] as $language) {
            $catalogue = (string) file_get_contents($root . 'locale/' . $language . '/LC_MESSAGES/shop_fiscalgate.po');
            foreach ($texts[1] as $text) {
                self::assertMatchesRegularExpression('/^msgid "' . preg_quote($text, '/') . '"\nmsgstr "[^"]+"$/m', $catalogue);
            }
        }
    }

    public function testTheTransportFollowsNoRedirectAndTakesAnyStatus(): void
    {
        $this->webasyst->network = static function (): string {
            return "HTTP/1.1 422 Unprocessable\r\nRetry-After: 7\r\n\r\n{\"result\":false}";
        };
        $request = new Request('POST', 'https://gateway.example/api', ['Content-Type' => 'application/x-www-form-urlencoded'], 'a=b');
        $response = (new \shopFiscalgatePluginTransport())->send($request);
        self::assertSame([422, '{"result":false}', '7'], [$response->getStatus(), $response->getBody(), $response->getHeader('retry-after')]);
        $sent = $this->webasyst->sent[0];
        self::assertSame(['https://gateway.example/api', 'a=b', 'POST', 0, 5, 15, true, ['curl']], [$sent['url'], $sent['content'], $sent['method'],
            $sent['curl'][CURLOPT_MAXREDIRS], $sent['curl'][CURLOPT_CONNECTTIMEOUT], $sent['options']['timeout'], $sent['options']['verify'],
            $sent['options']['priority']]);
    }

    public function testNoAnswerIsATransportException(): void
    {
        $this->webasyst->network = static function (): string {
            throw new \waException('Curl error 7: refused', 7);
        };
        $this->expectException(TransportException::class);
        (new \shopFiscalgatePluginTransport())->send(new Request('GET', 'https://gateway.example/api'));
    }

    /** @return array{int, string} */
    private function post(string $number, string $code = FakeGateway::CODE): array
    {
        [$headers, $body] = $this->gateway->callback($number, [], $this->now, $code);
        foreach ($headers as $name => $value) {
            $this->webasyst->server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        $controller = new class () extends \shopFiscalgatePluginFrontendCallbackController {
            public string $posted = '';

            protected function body()
            {
                return $this->posted;
            }
        };
        $controller->posted = $body;
        ob_start();
        $controller->run();
        return [$this->webasyst->status, (string) ob_get_clean()];
    }

    private function button(string $task, array $more = []): array
    {
        $this->webasyst->post = ['task' => $task, 'order' => '7'] + $more;
        $controller = new \shopFiscalgatePluginBackendReceiptController();
        try {
            $controller->run();
        } catch (\waRightsException $e) {
            return ['data' => [], 'errors' => $e->getMessage()];
        }
        return $controller->result();
    }

    private function panel(): string
    {
        $plugin = $this->plugin;
        return (string) $plugin->backendOrder(['id' => 7])['info_section'];
    }
}

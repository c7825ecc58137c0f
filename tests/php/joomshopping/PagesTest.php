<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate\Tests;

use Fiscalgate\Sdk\Tests\FakeGateway;
use Joomla\CMS\Session\Session;
use Joomla\Event\FakeEvent;
use Joomla\Tests\FakeInput;

/**
 * What comes over HTTP: callbacks on the site, buttons in the administration, and the panel they stand in.
 */
final class PagesTest extends Bench
{
    protected function setUp(): void
    {
        parent::setUp();
        $this->shop->order(7, [['Чай', 33.33, 3, 22]]);
    }

    public function testCallbacks(): void
    {
        $this->receipts->onStatus(7, 6);
        $this->receipts->work();
        $this->gateway->finish('7');
        self::assertSame(['401', 'signature'], $this->post('7', 'somebody'));
        self::assertSame(['404', 'unknown_order'], $this->post('8'));
        self::assertSame('queued', $this->receipts->ofOrder(7)[0]->getState());
        self::assertSame(['200', 'SUCCESSFUL'], $this->post('7'));
        self::assertTrue($this->receipts->ofOrder(7)[0]->isDone());
        self::assertSame(['200', 'SUCCESSFUL'], $this->post('7'));
        $this->app->input->method = 'GET';
        self::assertSame('405', $this->post('7')[0]);
        $this->app->input->method = 'POST';
        $this->db->isGone = true;
        self::assertSame('500', $this->post('7')[0]);
    }

    public function testAFormerCodeIsTakenWhileItIsBeingChanged(): void
    {
        $this->receipts->onStatus(7, 6);
        $this->receipts->work();
        $this->withSettings(['code' => 'anew', 'code_old' => FakeGateway::CODE]);
        self::assertSame('200', $this->post('7')[0]);
    }

    public function testAmountsOfACallbackAreNotBelieved(): void
    {
        $this->receipts->onStatus(7, 6);
        $this->receipts->work();
        $this->gateway->finish('7');
        $this->post('7', FakeGateway::CODE, ['total' => 1, 'total_1020' => 1]);
        self::assertSame([9999, 9999], [$this->receipts->ofOrder(7)[0]->getTotal(), $this->receipts->remaining(7)]);
    }

    public function testButtonsNeedTheTokenAndTheRight(): void
    {
        Session::$isGenuine = false;
        self::assertSame(['403', false], $this->button('sell')[0]);
        Session::$isGenuine = true;
        $this->app->rights = ['core.admin'];
        self::assertSame(['403', false], $this->button('sell')[0]);
        $this->app->rights = ['core.manage com_jshopping'];
        self::assertSame(['403', false], $this->button('check')[0]);
        self::assertSame([], $this->gateway->asked);
        self::assertSame(['', true], $this->button('sell')[0]);
        self::assertSame(['POST 7'], $this->gateway->asked);
    }

    public function testButtonsDoWhatTheySay(): void
    {
        $this->button('sell');
        $this->settle();
        self::assertSame(['', false], $this->button('refund', ['sum' => '100.00'])[0]);
        self::assertSame(['', true], $this->button('refund', ['sum' => '9,99'])[0]);
        $this->settle();
        $this->gateway->finish('7-refund-1', 'failed', 'нет бумаги');
        self::assertSame(['', false], $this->button('retry', ['key' => '7'])[0], 'it is printed');
        self::assertSame(['', true], $this->button('refund')[0]);
        self::assertSame(['', false], $this->button('nonsense')[0]);
        $this->settle();
        self::assertSame([9999, 999, 9000], array_map([$this->gateway, 'total'], $this->numbers()));
    }

    public function testTheConnectionIsCheckedWithoutPrinting(): void
    {
        self::assertSame(['', true], $this->button('check')[0]);
        self::assertSame([], $this->gateway->tasks);
        $this->withSettings(['code' => 'wrong']);
        self::assertSame([['', false], 'Подпись не подходит'], $this->button('check'));
    }

    public function testThePanelShowsStateMarkAndButtons(): void
    {
        self::assertStringContainsString('data-fiscalgate-task="sell"', $this->panel());
        $this->print(7);
        $panel = $this->panel();
        $wanted = ['ФН 9999078902012345', '99.99', 'PLG_SYSTEM_FISCALGATE_STATE_DONE', '<svg',
            'https://gateway.example/r/01task0000', 'data-fiscalgate-task="refund"', Session::getFormToken()];
        foreach ($wanted as $text) {
            self::assertStringContainsString($text, $panel);
        }
        self::assertStringNotContainsString('data-fiscalgate-task="sell"', $panel);
        $this->receipts->refund(7, null);
        self::assertStringNotContainsString('data-fiscalgate-task="refund"', $this->panel());
    }

    public function testWhatTheGatewaySaysIsEscaped(): void
    {
        $this->receipts->onStatus(7, 6);
        $this->receipts->work();
        $this->gateway->finish('7', 'failed', '<script>alert(1)</script>');
        $this->db->setQuery("UPDATE #__fiscalgate_operations SET page = 'javascript:alert(2)'")->execute();
        $this->post('7');
        $panel = $this->panel();
        self::assertStringContainsString('&lt;script&gt;alert(1)', $panel);
        self::assertStringNotContainsString('<script>', $panel);
        self::assertStringNotContainsString('javascript:', $panel);
        self::assertStringContainsString('data-fiscalgate-task="retry"', $panel);
    }

    public function testThePanelIsForTheAdministrationOnly(): void
    {
        $this->app->client = 'site';
        $view = (object) ['order' => (object) ['order_id' => 7], '_ext_end_html' => 'before'];
        $this->plugin->onShowOrder(new FakeEvent([$view]));
        self::assertSame('before', $view->_ext_end_html);
    }

    /** @return array{string, string} status and body */
    private function post(string $number, string $code = FakeGateway::CODE, array $changes = []): array
    {
        $this->app->client = 'site';
        [$headers, $body] = $this->gateway->callback($number, $changes, $this->now, $code);
        $server = [];
        foreach ($headers as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }
        $this->app->input->server = new FakeInput($server);
        $this->app->input->json->body = $body;
        $event = new FakeEvent();
        $this->plugin->onAjax($event);
        return [$this->app->headers['status'], $event->arguments['result'][0]];
    }

    /** @return array{array{string, bool}, string} status, whether it worked, and the text */
    private function button(string $task, array $more = []): array
    {
        $this->app->client = 'administrator';
        $this->app->headers = [];
        $this->app->input->post = new FakeInput(['task' => $task, 'order' => '7'] + $more);
        $event = new FakeEvent();
        $this->plugin->onAjax($event);
        $data = json_decode($event->arguments['result'][0], true);
        return [[$this->app->headers['status'] ?? '', $data['ok']], $data['text']];
    }

    private function panel(): string
    {
        $this->app->client = 'administrator';
        $view = (object) ['order' => (object) ['order_id' => 7]];
        $this->plugin->onShowOrder(new FakeEvent([$view]));
        return $view->_ext_end_html;
    }
}
